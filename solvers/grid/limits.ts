import { checkInteger, checkNumber, InputError } from '../../src/errors.ts'
import type { Density } from '../../src/problem/density.ts'

/** The most a grid may hold: what a process of Node can usually have beside everything else. */
const LARGEST_BYTES = 1.5 * 2 ** 30

/** Nodes of which so many 64-bit numbers each stay within the limit. */
export function nodesThatFit(perNode: number): number {
  return LARGEST_BYTES / 8 / perNode
}

/**
 * Refuses a grid before anything of it is allocated.
 *
 * @param perNode 64-bit numbers kept at every node
 * @throws InputError naming the size, when nodes^dimension · perNode numbers take more than 1.5 GiB
 */
export function checkMemory(nodes: number, dimension: number, perNode: number): void {
  if (nodes ** dimension <= nodesThatFit(perNode)) return
  const bytes = nodes ** dimension * perNode * 8
  const most = Math.floor(nodesThatFit(perNode) ** (1 / dimension))
  throw new InputError(
    'nodes',
    nodes,
    `at most ${most} an axis: ${nodes}^${dimension} nodes take ${(bytes / 2 ** 30).toPrecision(3)} GiB, and 1.5 GiB is the limit`,
  )
}

/** @throws InputError for what a grid cannot do: more than three dimensions, point masses, a single point. */
export function checkDensity(density: Density): void {
  checkInteger('the dimension of the problem', density.dimension, 1, 3)
  if (density.atomic)
    throw new InputError(
      'problem.data',
      density.kind,
      'data with a density when a grid is asked for: give the points a bandwidth, or use characteristics',
    )
}

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
