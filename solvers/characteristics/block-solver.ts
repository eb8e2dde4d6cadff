import { ComputationError } from '../../src/errors.ts'
import { Integrator, type Outputs, type Velocity } from './engine.ts'
import type { RungeKuttaOptions } from './options.ts'
import { advice, type Outcome } from './outcome.ts'
import { tableaux } from './tableaux/index.ts'

/** Integrates blocks of rows with one set of options, keeps the memory for it, and counts evaluations. */
export class BlockSolver {
  readonly #options: Required<RungeKuttaOptions>
  readonly #dimension: number
  readonly #integrators = new Map<number, Integrator>()
  /** Evaluations of the velocity at one point so far. */
  evaluations = 0

  constructor(dimension: number, options: Required<RungeKuttaOptions>) {
    this.#dimension = dimension
    this.#options = options
  }

  /** y from s = `from` to `to` in place. */
  attempt(velocity: Velocity, from: number, to: number, y: Float64Array, outputs?: Outputs): Outcome {
    let integrator = this.#integrators.get(y.length)
    if (!integrator) {
      integrator = new Integrator(tableaux[this.#options.tableau], y.length, this.#dimension)
      this.#integrators.set(y.length, integrator)
    }
    const outcome = integrator.integrate(velocity, from, to, y, this.#options, outputs)
    this.evaluations += (outcome.evaluations * y.length) / this.#dimension
    return outcome
  }

  /** The same. @throws ComputationError with advice when it does not get there; `name` is that of s */
  run(
    name: 'θ' | 't',
    velocity: Velocity,
    from: number,
    to: number,
    y: Float64Array,
    outputs?: Outputs,
  ): void {
    const outcome = this.attempt(velocity, from, to, y, outputs)
    if (outcome.code !== 'done') throw new ComputationError(advice(outcome, name, to, this.#options))
  }
}
