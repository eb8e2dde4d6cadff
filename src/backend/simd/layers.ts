import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { SharedKernel } from '../../kernels/kernels.ts'
import type { Activation } from '../../nn/activation.ts'
import type { AdamScalars } from '../../nn/optimisers/adam.ts'
import type { SkipForm } from '../../nn/skip.ts'
import { type Kernel, passParts, productParts, type SimdBackend, sizeOf } from './simd-backend.ts'

/** The numbers of the activations in src/kernels/assembly/activation.ts. */
const numbers: Readonly<Record<Activation, number>> = { linear: 0, tanh: 1, silu: 2 }

interface LayerAttributes {
  readonly activation: Activation
  readonly dual: boolean
}

/** The layers of src/nn/dense.ts, forwards and backwards. */
export const layerKernels: Readonly<Record<string, Kernel>> = {
  /** [output, kept]: what the gradient needs is hW + b for SiLU, else the output itself. */
  Dense({ h, W, b }, backend, { activation, dual }: LayerAttributes) {
    const [rows, depth] = h.shape
    const columns = W.shape[1]
    const output = backend.output([rows, columns])
    const z = activation === 'silu' ? backend.output([rows, columns]) : output
    const sizes = [numbers[activation], Number(dual), dual ? rows / 2 : rows, depth, columns]
    const places = [backend.address(h), backend.address(W), backend.address(b), z.address, output.address]
    backend.run('denseForward', productParts(rows, columns, depth), ...sizes, ...places)
    return z === output ? [output.info] : [output.info, z.info]
  },

  /** The gradient of hW + b from that of the output. */
  DenseGradient({ kept, g }, backend, { activation, dual }: LayerAttributes) {
    const [rows, columns] = g.shape
    const { info, address } = backend.output([rows, columns])
    const sizes = [numbers[activation], Number(dual), dual ? rows / 2 : rows, columns]
    backend.run(
      'denseBackward',
      passParts(rows * columns),
      ...sizes,
      backend.address(kept),
      backend.address(g),
      address,
    )
    return info
  },

  /** Sums over the first rows. */
  ColumnSums({ x }, backend, { rows }: { readonly rows: number }) {
    const columns = x.shape[1]
    const { info, address } = backend.output([columns])
    backend.run(
      'columnSums',
      passParts(rows * columns, 32 * rows),
      rows,
      columns,
      backend.address(x),
      address,
    )
    return info
  },

  /** [output, hW + τS + b, τC]. */
  Film({ h, tau, W, S, C, b }, backend, { activation, dual }: LayerAttributes) {
    const [rows, depth] = h.shape
    const [features, columns] = S.shape
    const output = backend.output([rows, columns])
    const z = backend.output([rows, columns])
    const m = backend.output([rows, columns])
    const n = dual ? rows / 2 : rows
    const sizes = [numbers[activation], Number(dual), n, depth, features, columns]
    const inputs = [h, tau, W, S, C, b].map((info) => backend.address(info))
    const parts = productParts(rows, columns, depth + 2 * features)
    backend.run('filmForward', parts, ...sizes, ...inputs, z.address, m.address, output.address)
    return [output.info, z.info, m.info]
  },

  /** The gradients of hW + τS + b and of τC from that of the output. */
  FilmGradient({ z, m, g }, backend, { activation, dual }: LayerAttributes) {
    const [rows, columns] = g.shape
    const dz = backend.output([rows, columns])
    const dm = backend.output([rows, columns])
    const sizes = [numbers[activation], Number(dual), dual ? rows / 2 : rows, columns]
    const inputs = [z, m, g].map((info) => backend.address(info))
    backend.run('filmBackward', passParts(rows * columns, 8192), ...sizes, ...inputs, dz.address, dm.address)
    return [dz.info, dm.info]
  },
}

interface AdditiveAttributes {
  readonly units: number
  readonly dual: boolean
}

/** The units of src/nn/additive.ts, forwards and backwards. */
export const additiveKernels: Readonly<Record<string, Kernel>> = {
  /** [rows, d] from inputs [rows, d + …], coefficients [rows, 3·units·d] and bias [3·units·d]. */
  Additive({ inputs, coefficients, bias }, backend, { units, dual }: AdditiveAttributes) {
    const [rows, columns] = coefficients.shape
    const d = columns / (3 * units)
    const { info, address } = backend.output([rows, d])
    const sizes = [Number(dual), dual ? rows / 2 : rows, d, units, inputs.shape[1]]
    const places = [inputs, coefficients, bias].map((input) => backend.address(input))
    backend.run('additiveForward', passParts(rows * columns), ...sizes, ...places, address)
    return info
  },

  /** The gradient of the coefficients from that of the output. */
  AdditiveGradient({ inputs, coefficients, bias, g }, backend, { units, dual }: AdditiveAttributes) {
    const [rows, columns] = coefficients.shape
    const d = columns / (3 * units)
    const { info, address } = backend.output([rows, columns])
    const sizes = [Number(dual), dual ? rows / 2 : rows, d, units, inputs.shape[1]]
    const places = [inputs, coefficients, bias, g].map((input) => backend.address(input))
    backend.run('additiveBackward', passParts(rows * columns), ...sizes, ...places, address)
    return info
  },
}

/** The numbers of src/kernels/assembly/skip.ts. */
const forms: Readonly<Record<SkipForm, number>> = { value: 1, rate: 2, both: 3 }

interface SkipAttributes {
  readonly form: SkipForm
}

/** The skip combination of src/nn/skip.ts and the sum of squares of solvers/neural/metrics.ts, with their gradients. */
export const residualKernels: Readonly<Record<string, Kernel>> = {
  Skip({ F, factors, base }, backend, { form }: SkipAttributes) {
    const [rows, columns] = F.shape
    const n = form === 'value' ? rows : rows / 2
    const { info, address } = backend.output([...base.shape])
    const inputs = [F, factors, base].map((input) => backend.address(input))
    backend.run('skipForward', passParts(rows * columns), forms[form], n, columns, ...inputs, address)
    return info
  },

  SkipGradient({ g, factors }, backend, { form }: SkipAttributes) {
    const rows = factors.shape[0]
    const columns = g.shape[1]
    const n = form === 'value' ? rows : rows / 2
    const { info, address } = backend.output([rows, columns])
    const inputs = [g, factors].map((input) => backend.address(input))
    backend.run('skipBackward', passParts(rows * columns), forms[form], n, columns, ...inputs, address)
    return info
  },

  WeightedSquares({ r, weights, scales }, backend) {
    const [n, columns] = r.shape
    const { info } = backend.output([])
    const [from, w, c] = [r, weights, scales].map((input) => backend.address(input))
    backend.valuesOf(info)[0] = backend.kernels.weightedSquares(n, columns, from, w, c)
    return info
  },

  WeightedSquaresGradient({ g, r, weights, scales }, backend) {
    const [n, columns] = r.shape
    const { info, address } = backend.output([n, columns])
    const inputs = [r, weights, scales, g].map((input) => backend.address(input))
    backend.run('weightedSquaresBackward', passParts(n * columns), n, columns, ...inputs, address)
    return info
  },
}

/** Steps of the optimisers. The first inputs are changed in place, so they must be variables whose memory nothing else shares. */
export const stepKernels: Readonly<Record<string, Kernel>> = {
  /** Of all variables: their values, then their gradients, means and powers. */
  AdamStep(inputs, backend, s: AdamScalars) {
    const scalars = [
      s.rate / s.correction1,
      s.beta1,
      s.beta2,
      1 - s.beta1,
      1 - s.beta2,
      s.epsilon,
      s.correction2,
    ]
    runOnAll('adamStep', Object.values(inputs), 4, 16_384, backend, scalars)
    return []
  },

  /** Changes `power` and returns rate · mean / (√(power/c₂) + ε) / c₁. */
  AdamDirection({ power, gradient, mean }, backend, s: AdamScalars) {
    const { info, address } = backend.output(gradient.shape)
    const places = [gradient, mean, power].map((input) => backend.address(input))
    const scalars = [s.rate / s.correction1, s.beta2, 1 - s.beta2, s.epsilon, s.correction2]
    const count = sizeOf(gradient)
    backend.run('adamDirection', passParts(count), count, ...places, address, ...scalars)
    return info
  },

  /** target ← p · target + q · x, for all targets, which come first. */
  Blend(inputs, backend, { p, q }: { readonly p: number; readonly q: number }) {
    runOnAll('blend', Object.values(inputs), 2, 65_536, backend, [p, q])
    return []
  },

  OrthogonalFactor({ matrix }, backend) {
    const n = matrix.shape[0]
    const line = Math.ceil(n / 4) * 4
    const { info, address } = backend.output([n, n])
    const work = backend.pool.allocate(4 * (2 * n * line + line))
    backend.kernels.orthogonalFactor(n, line, backend.address(matrix), address, work)
    backend.pool.free(work)
    return info
  },
}

/** Runs a kernel on a list of variables; `tensors` are `kinds` arrays of one tensor a variable after each other. */
function runOnAll(
  name: SharedKernel,
  tensors: readonly TensorInfo[],
  kinds: number,
  each: number,
  backend: SimdBackend,
  scalars: readonly number[],
): void {
  const variables = tensors.length / kinds
  const words: number[] = []
  let numbers = 0
  for (let k = 0; k < variables; k++) {
    words.push(sizeOf(tensors[k]))
    numbers += words[words.length - 1]
    for (let kind = 0; kind < kinds; kind++) words.push(backend.address(tensors[kind * variables + k]))
  }
  const list = backend.pool.allocate(4 * words.length)
  backend.pool.words(list, words.length).set(words)
  backend.run(name, passParts(numbers, each), list, variables, ...scalars)
  backend.pool.free(list)
}
