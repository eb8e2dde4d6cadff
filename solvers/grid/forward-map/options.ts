import { checkInteger, checkNumber, InputError } from '../../../src/errors.ts'

/** The fewest nodes that the quintic spline of a forward map with not-a-knot ends makes sense on. */
const FEWEST = 8
const MOST = 1e8

export interface ForwardMapOptions {
  /** Nodes an axis, at least 8. Default 301, 72, 48 in one, two, three dimensions, unless a tolerance is given. */
  readonly nodes?: number
  /** Relative tolerance of the characteristics, from 1e-14 to 1e-2; by default one that hides below what the nodes can show. Not with `tolerance`. */
  readonly rtol?: number
  /** The error of f asked for, in units of x, from 1e-10 to 1: nodes and steps are then chosen. Not with `nodes`. */
  readonly tolerance?: number
}

/** The options, checked. @throws InputError for one out of range, or two that exclude each other */
export function checkForwardMap({ nodes, rtol, tolerance }: ForwardMapOptions): ForwardMapOptions {
  if (nodes !== undefined && tolerance !== undefined)
    throw new InputError('tolerance', tolerance, 'either nodes or tolerance, not both')
  if (rtol !== undefined && tolerance !== undefined)
    throw new InputError('tolerance', tolerance, 'either rtol or tolerance, not both')
  return {
    ...(nodes !== undefined && { nodes: checkInteger('nodes', nodes, FEWEST, MOST) }),
    ...(rtol !== undefined && { rtol: checkNumber('rtol', rtol, 1e-14, 1e-2) }),
    ...(tolerance !== undefined && { tolerance: checkNumber('tolerance', tolerance, 1e-10, 1) }),
  }
}
