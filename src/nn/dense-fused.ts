import { add, customGrad, matMul, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core'
import type { Activation } from './activation.ts'
import { runKernel } from './fused.ts'

// The layers of dense.ts as one kernel forwards and a few backwards, for a backend that has them.

type Save = (tensors: Tensor[]) => void

/** Splits what customGrad hands to its function: the tensors, then the function that saves. */
function split(parts: (Tensor | Save)[]): { tensors: Tensor2D[]; save: Save } {
  return { tensors: parts.slice(0, -1) as Tensor2D[], save: parts.at(-1) as Save }
}

export function fusedDense(
  H: Tensor2D,
  W: Tensor2D,
  b: Tensor1D,
  activation: Activation,
  dual: boolean,
): Tensor2D {
  const layer = customGrad((...parts: (Tensor | Save)[]) => {
    const { tensors, save } = split(parts)
    const [h, w, bias] = tensors
    const outputs = runKernel('Dense', { h, W: w, b: bias }, { activation, dual })
    save([h, w, outputs[outputs.length - 1]])
    return {
      value: outputs[0],
      gradFunc: (g: Tensor, saved: Tensor[]) => {
        const [x, weights, kept] = saved as Tensor2D[]
        const dz =
          activation === 'linear' ? g : runKernel('DenseGradient', { kept, g }, { activation, dual })[0]
        return [
          matMul(dz as Tensor2D, weights, false, true),
          matMul(x, dz as Tensor2D, true, false),
          biasGradient(dz, dual),
        ]
      },
    }
  })
  return layer(H, W, b) as Tensor2D
}

export function fusedFilm(
  H: Tensor2D,
  Tau: Tensor2D,
  W: Tensor2D,
  S: Tensor2D,
  C: Tensor2D,
  b: Tensor1D,
  activation: Activation,
  dual: boolean,
): Tensor2D {
  const layer = customGrad((...parts: (Tensor | Save)[]) => {
    const { tensors, save } = split(parts)
    const [h, tau, w, s, c, bias] = tensors
    const [output, z, m] = runKernel('Film', { h, tau, W: w, S: s, C: c, b: bias }, { activation, dual })
    save([h, tau, w, s, c, z, m])
    return {
      value: output,
      gradFunc: (g: Tensor, saved: Tensor[]) => {
        const [x, t, weights, shift, scale, kept, gate] = saved as Tensor2D[]
        const [dz, dm] = runKernel(
          'FilmGradient',
          { z: kept, m: gate, g },
          { activation, dual },
        ) as Tensor2D[]
        return [
          matMul(dz, weights, false, true),
          add(matMul(dz, shift, false, true), matMul(dm, scale, false, true)),
          matMul(x, dz, true, false),
          matMul(t, dz, true, false),
          matMul(t, dm, true, false),
          biasGradient(dz, dual),
        ]
      },
    }
  })
  return layer(H, Tau, W, S, C, b) as Tensor2D
}

function biasGradient(dz: Tensor, dual: boolean): Tensor {
  const rows = dz.shape[0]
  return runKernel('ColumnSums', { x: dz }, { rows: dual ? rows / 2 : rows })[0]
}
