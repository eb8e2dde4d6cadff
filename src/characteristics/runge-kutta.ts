import { valuesOrThrow } from '../attempt.ts'
import type { Method, VeMap } from '../consistency-function.ts'
import { factorsOf } from '../problem/densities/structure.ts'
import { BlockSolver } from './block-solver.ts'
import { attainable, checkOptions, type RungeKuttaOptions } from './options.ts'
import { type IntegrateRows, integrateRows, integrateTo, integrateVelocityTo, isFlat } from './segments.ts'
import { separately } from './separate.ts'
import { createVariational } from './variational.ts'

/**
 * The method of characteristics: f(t, x) is where the trajectory of the probability-flow ODE through (t, x) starts, so
 * follow it from t to 0 by an adaptive Runge–Kutta method (docs/mathematics.md §1 and §2). Its map has `flow`, the
 * two-time map f(t → u, x) in either direction, `jacobian`, its derivative, and `attempt`, which keeps the rows that were finished when others fail.
 *
 * Rows are sorted into blocks of similar trajectories, and a block shares its steps: the results of a row depend, within
 * the tolerance, on the rows evaluated with it. For data on points or planes, where the score has no limit at t = 0,
 * the trajectory is followed to t = 1e-11 c and ends with the denoiser. For a single point mass f = μ. The coordinates
 * of a rotated product are followed one by one.
 *
 * Where the drift is not linear the trajectories are those of b − ½σ²s in t and x, whatever the coordinates asked for.
 *
 * @throws InputError for an option out of range; evaluating throws UnfinishedError when the tolerance is out of reach
 * @example const f = await solve(problem, rungeKutta({ rtol: 1e-10 }), { time: 80 })
 */
export function rungeKutta(options: RungeKuttaOptions = {}): Method {
  const checked = checkOptions(options)
  return {
    name: 'characteristics',
    options: { ...checked },
    target: 'map',
    random: false,
    solveVe(density) {
      const own = attainable(checked, density)
      const solver = new BlockSolver(density.dimension, own)
      const jacobian = createVariational(density, solver)
      const factors = checked.coordinates === 'comoving' && !isFlat(density) ? factorsOf(density) : undefined
      const attempt = factors
        ? separately(factors, solver)
        : integrateRows(density, solver, integrateTo(density, solver))
      return map(solver, density.dimension, attempt, {
        jacobian,
        ...(own.rtol > checked.rtol && {
          options: { rtol: own.rtol, atol: own.atol },
          warnings: [
            `The network has numbers of single precision, so the tolerance of a step is ${own.rtol.toPrecision(2)} in place of ${checked.rtol}.`,
          ],
        }),
      })
    },
    async solveFlow({ density, law, velocity, breaks }, run) {
      await law.prepare(run.time, run)
      const solver = new BlockSolver(density.dimension, checked)
      const flow = integrateVelocityTo(velocity, breaks(run.time), solver)
      const attempt = integrateRows(density, solver, flow)
      return map(solver, density.dimension, attempt, {
        diagnostics: law.diagnostics,
        warnings: law.warnings ?? [],
      })
    },
  }
}

function map(
  solver: BlockSolver,
  dimension: number,
  attempt: IntegrateRows,
  more: Pick<VeMap, 'jacobian' | 'diagnostics' | 'options' | 'warnings'>,
): VeMap {
  return {
    get functionEvaluations() {
      return solver.evaluations
    },
    get statistics() {
      return solver.statistics
    },
    attempt: (t, x) => attempt(t, 0, x),
    evaluate: (t, x) => valuesOrThrow(attempt(t, 0, x), dimension),
    flow: { evaluate: (t, u, x) => valuesOrThrow(attempt(t, u, x), dimension) },
    cause: 'What remains is the tolerance of the ODE solver, magnified where f is steep.',
    ...more,
  }
}
