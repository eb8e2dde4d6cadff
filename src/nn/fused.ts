import {
  add,
  engine,
  type GradFunc,
  getKernel,
  mul,
  type NamedTensorMap,
  registerGradient,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
  type Variable,
} from '@tensorflow/tfjs-core'
import { composedDense, composedDualDense } from './dense-composed.ts'

/** Whether the backend in use has a kernel of this name beyond those of tfjs-core. */
export function hasKernel(name: string): boolean {
  const backend = engine().backendName
  return backend !== null && getKernel(name, backend) !== undefined
}

/** Runs a kernel of the backend by its name. */
export function runKernel(
  name: string,
  inputs: Readonly<Record<string, Tensor>>,
  attributes: object = {},
): Tensor[] {
  const outputs: Tensor | Tensor[] = engine().runKernel(name, inputs as NamedTensorMap, { ...attributes })
  return Array.isArray(outputs) ? outputs : [outputs]
}

/**
 * Makes sure that no other tensor shares the variable's memory, so that a kernel may change it in place: a variable made from a
 * tensor that still lives, or one that has clones, gets a copy of its own.
 */
export function own(variable: Variable): Variable {
  if (engine().backend.refCount(variable.dataId) > 1) {
    tidy(() => variable.assign(mul(variable, 1)))
  }
  return variable
}

/** Inputs by their numbers: for kernels that take any number of them. */
export function numbered(tensors: readonly Tensor[]): Record<string, Tensor> {
  return tensors as unknown as Record<string, Tensor>
}

/** target ← p · target + q · x for every target and its x, in place where the backend can. */
export function blend(targets: readonly Variable[], xs: readonly Tensor[], p: number, q: number): void {
  if (hasKernel('Blend')) runKernel('Blend', numbered([...targets.map(own), ...xs]), { p, q })
  else tidy(() => targets.forEach((target, k) => void target.assign(add(mul(target, p), mul(xs[k], q)))))
}

/**
 * A stack of layers h ← tanh(hW + b), the last one without tanh (docs/mathematics.md §7), differentiable in the inputs, every W
 * and every b. One kernel each way where the backend has it: a block of rows goes through all layers while it is in the cache.
 *
 * @param inputs [n, in], or [2n, in] with values on top and tangents below when `dual`
 * @param weights W₀, b₀, W₁, b₁, …
 * @param dual whether tangents come along, as in `dualDense`
 * @returns [n, out] or [2n, out]
 */
export function tanhStack(inputs: Tensor2D, weights: readonly Tensor[], dual: boolean): Tensor2D {
  return hasKernel('TanhStack')
    ? fusedTanhStack(inputs, weights, dual)
    : composedTanhStack(inputs, weights, dual)
}

/** `tanhStack` layer by layer from plain operations, for every backend. */
export function composedTanhStack(inputs: Tensor2D, weights: readonly Tensor[], dual: boolean): Tensor2D {
  const layer = dual ? composedDualDense : composedDense
  return tidy(() => {
    let h = inputs
    for (let k = 0; k < weights.length; k += 2) {
      const activation = k + 2 < weights.length ? 'tanh' : 'linear'
      h = layer(h, weights[k] as Tensor2D, weights[k + 1] as Tensor1D, activation)
    }
    return h
  })
}

function fusedTanhStack(inputs: Tensor2D, weights: readonly Tensor[], dual: boolean): Tensor2D {
  const hidden = weights.slice(0, -2).reduce((sum, { rank, size }) => sum + (rank === 1 ? size : 0), 0)
  return tidy(() => {
    // As an input that the kernel writes, since every output beside the first would get a gradient, an array of zeros.
    const [memory] = runKernel('TanhStackMemory', {}, { count: inputs.shape[0] * hidden })
    return runKernel('TanhStack', numbered([inputs, memory, ...weights]), { dual })[0] as Tensor2D
  })
}

/** The gradient of the kernel. Nobody asks for that of the inputs when they are no variables: then it is not computed. */
registerGradient({
  kernelName: 'TanhStack',
  saveAllInputs: true,
  gradFunc: ((g: Tensor, saved: Tensor[], { dual }: { dual: boolean }) => {
    const run = (ofInput: boolean) =>
      runKernel('TanhStackGradient', numbered([g, ...saved]), { dual, ofInput })
    const slopes = run(false)
    const gradients: Record<string, () => Tensor> = { 0: () => run(true)[0] }
    for (const [k, slope] of slopes.entries()) gradients[k + 2] = () => slope
    return gradients
  }) as unknown as GradFunc,
})
