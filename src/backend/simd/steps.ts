import type { AdamScalars } from '../../nn/optimisers/adam-update.ts'
import { type Kernel, sizeOf } from './define.ts'
import { passParts } from './parts.ts'

/** Steps of the optimisers. The first inputs are changed in place, so they must be variables whose memory nothing else shares. */
export const stepKernels: Readonly<Record<string, Kernel>> = {
  AdamStep({ value, gradient, mean, power }, backend, s: AdamScalars) {
    const places = [value, gradient, mean, power].map((info) => backend.address(info))
    const scalars = [
      s.rate / s.correction1,
      s.beta1,
      s.beta2,
      1 - s.beta1,
      1 - s.beta2,
      s.epsilon,
      s.correction2,
    ]
    const count = sizeOf(value)
    backend.run('adamStep', passParts(count), count, ...places, ...scalars)
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

  /** target ← p · target + q · x. */
  Blend({ target, x }, backend, { p, q }: { readonly p: number; readonly q: number }) {
    const count = sizeOf(target)
    backend.run('blend', passParts(count, 65_536), count, backend.address(target), backend.address(x), p, q)
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
