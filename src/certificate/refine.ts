import { joined, type Node, type Panel, type PanelRule, type PanelSum } from './panel.ts'

/** The map on the trajectories at a time between two nodes. */
export type NodeBetween = (low: Node, theta: number) => Node

interface RefineOptions {
  readonly rule: PanelRule
  readonly between: NodeBetween
  /** A panel with a smaller defect is left as it is. */
  readonly tolerance: number
}

/** A panel and those it was split into. */
export interface Refined {
  readonly sum: PanelSum
  /** Nodes that were added. */
  readonly added: number
  /** Times between which f̂ changes by more than the tolerance, however near they are. */
  readonly jump: readonly [number, number] | null
}

// angles nearer than this, relative to themselves, are one: what f changes by there is a jump
const NARROWEST = 1e-9

/**
 * Splits a panel in two where Simpson's rule for r disagrees with what f̂ changes by, and the halves again, with at most `budget`
 * further nodes. The better half goes first and leaves to the other what it does not need: a step in time is found by bisection.
 */
export function refine(panel: Panel, sum: PanelSum, budget: number, options: RefineOptions): Refined {
  const { rule, between, tolerance } = options
  const [low, middle, high] = panel
  const width = high.theta - low.theta
  if (sum.defect <= tolerance || budget < 2) return { sum, added: 0, jump: null }
  if (width <= NARROWEST * high.theta) return { sum, added: 0, jump: [low.time, high.time] }
  const halves = [
    [low, between(low, (low.theta + middle.theta) / 2), middle],
    [middle, between(middle, (middle.theta + high.theta) / 2), high],
  ] as const
  const sums = halves.map(rule)
  const order = sums[0].defect <= sums[1].defect ? [0, 1] : [1, 0]
  const parts: Refined[] = []
  let left = budget - 2
  for (const [turn, k] of order.entries()) {
    parts[k] = refine(halves[k], sums[k], turn === 0 ? Math.floor(left / 2) : left, options)
    left -= parts[k].added
  }
  return {
    sum: joined(parts.map((part) => part.sum)),
    added: 2 + parts[0].added + parts[1].added,
    jump: parts[0].jump ?? parts[1].jump,
  }
}
