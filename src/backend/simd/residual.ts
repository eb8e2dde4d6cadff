import type { SkipForm } from '../../nn/skip.ts'
import type { Kernel } from './define.ts'
import { passParts } from './parts.ts'

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
