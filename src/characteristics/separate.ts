import type { RowCode } from '../attempt.ts'
import type { Factors } from '../problem/densities/structure.ts'
import { BlockSolver } from './block-solver.ts'
import { type IntegrateRows, integrateRows, integrateTo } from './segments.ts'

/**
 * Moves rows by a product in rotated coordinates z = R x: there every coordinate has trajectories of its own, in one
 * dimension, with blocks and steps that suit it. A row arrives when all of its coordinates do. An evaluation at one
 * coordinate counts as 1/d of one at a point.
 */
export function separately({ rotation, marginals }: Factors, whole: BlockSolver): IntegrateRows {
  const solver = new BlockSolver(1, whole.options)
  const coordinates = marginals().map((density) =>
    integrateRows(density, solver, integrateTo(density, solver)),
  )
  const d = coordinates.length

  return (t, u, x) => {
    const n = x.length / d
    const before = solver.statistics
    const codes = new Array<RowCode>(n).fill('success')
    let message: string | null = null
    const z = new Float64Array(n)
    const values = new Float64Array(x.length)
    coordinates.forEach((integrate, i) => {
      for (let row = 0; row < n; row++) {
        let sum = 0
        for (let j = 0; j < d; j++) sum += rotation[i * d + j] * x[row * d + j]
        z[row] = sum
      }
      const moved = integrate(t, u, z)
      message ??= moved.message
      moved.codes.forEach((code, row) => {
        if (code !== 'success') codes[row] = code
      })
      // a row that did not arrive is NaN here, and becomes so in all its coordinates
      for (let row = 0; row < n; row++)
        for (let j = 0; j < d; j++) values[row * d + j] += rotation[i * d + j] * moved.values[row]
    })
    const { accepted, rejected, evaluations } = solver.statistics
    whole.add({
      accepted: accepted - before.accepted,
      rejected: rejected - before.rejected,
      evaluations: (evaluations - before.evaluations) / d,
    })
    return { values, codes, finished: codes.filter((code) => code === 'success').length, message }
  }
}
