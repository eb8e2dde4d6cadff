import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { SharedKernel } from '../../kernels/kernels.ts'
import type { AdamScalars } from '../../nn/optimisers/adam.ts'
import type { SimdBackend } from './simd-backend.ts'
import { type Kernel, passParts, sizeOf } from './simd-backend.ts'

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
