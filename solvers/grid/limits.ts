import { checkInteger, InputError } from '../../src/errors.ts'
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
