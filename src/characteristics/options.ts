import { checkInteger, checkNumber, InputError } from '../errors.ts'
import type { ButcherTableau } from '../numeric/butcher-tableau.ts'
import { type TableauName, tableaux } from '../numeric/tableaux/index.ts'
import type { Density } from '../problem/density.ts'
import { type ControllerName, controllers } from './adaptive-steps.ts'

export interface RungeKuttaOptions {
  /** A method with an error estimate. Default verner9 for an rtol below 1e-6, dopri8 above. */
  readonly tableau?: TableauName
  /** Relative tolerance of a step, from 1e-14 to 0.1. Default 1e-10. */
  readonly rtol?: number
  /** Absolute tolerance of a step, in the coordinates of the integration. Default 1e-12. */
  readonly atol?: number
  /** θ and y of docs/mathematics.md §2, or t and x. Comoving ones need half the evaluations. Default comoving. */
  readonly coordinates?: 'comoving' | 't'
  /** Steps tried for one block of rows, or for one row of a block that failed, before giving up. Default 10000. */
  readonly maxSteps?: number
  /** How the size of a step follows from the errors of the last ones. Default predictive. */
  readonly controller?: ControllerName
  /**
   * One step size for a block of similar trajectories, or one for each: fewer evaluations and no dependence of a row on
   * the others, but slower, since nothing is shared. Default block.
   */
  readonly stepSize?: 'block' | 'trajectory'
}

// from here on order 9 reaches the same largest error in fewer evaluations than order 8: a fifth fewer at 1e-9
const TIGHT = 1e-6

/** The options with their defaults. @throws InputError for a value out of range */
export function checkOptions(options: RungeKuttaOptions): Required<RungeKuttaOptions> {
  const rtol = checkNumber('rtol', options.rtol ?? 1e-10, 1e-14, 0.1)
  const tableau = options.tableau ?? (rtol < TIGHT ? 'verner9' : 'dopri8')
  const adaptive = Object.values(tableaux as Record<string, ButcherTableau>)
    .filter(({ error }) => error !== undefined)
    .map(({ name }) => name)
  if (!adaptive.includes(tableau))
    throw new InputError('tableau', tableau, `a method with an error estimate: ${adaptive.join(', ')}`)
  const coordinates = options.coordinates ?? 'comoving'
  if (coordinates !== 'comoving' && coordinates !== 't')
    throw new InputError('coordinates', coordinates, 'comoving or t')
  const controller = options.controller ?? 'predictive'
  if (!Object.hasOwn(controllers, controller))
    throw new InputError('controller', controller, `one of ${Object.keys(controllers).join(', ')}`)
  const stepSize = options.stepSize ?? 'block'
  if (stepSize !== 'block' && stepSize !== 'trajectory')
    throw new InputError('stepSize', stepSize, 'block or trajectory')
  return {
    tableau,
    rtol,
    atol: checkNumber('atol', options.atol ?? 1e-12, 0, 1, true),
    coordinates,
    maxSteps: checkInteger('maxSteps', options.maxSteps ?? 10_000, 1),
    controller,
    stepSize,
  }
}

/** Tolerances of so many roundings of a score can be reached in a few steps; with tighter ones they shrink without end. */
const ROUNDINGS = 4

/** The options with tolerances that the rounding of the density's score lets steps keep. */
export function attainable(
  options: Required<RungeKuttaOptions>,
  { rounding = 0 }: Density,
): Required<RungeKuttaOptions> {
  const least = ROUNDINGS * rounding
  return { ...options, rtol: Math.max(options.rtol, least), atol: Math.max(options.atol, least) }
}
