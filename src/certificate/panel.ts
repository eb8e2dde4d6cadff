import type { CarriedSample } from '../metrics/carried-sample.ts'
import { type Increment, weightedNorm } from '../metrics/increments.ts'
import type { Moments } from '../numeric/moments.ts'
import { angleRate } from './velocity.ts'

/** A map at one time of all trajectories. */
export interface Node {
  readonly time: number
  /** θ = arctan(t/c) */
  readonly theta: number
  /** n·d values: the trajectories. */
  readonly x: Float64Array
  /** n·d values: f̂ there. */
  readonly value: Float64Array
  /** n·d values: r = ∂_t f̂ + a·∇f̂. */
  readonly tangent: Float64Array
  /** How far each value of `tangent` may be off, where it is a difference. */
  readonly error?: Float64Array | undefined
}

/** What a certificate needs of a map along trajectories. */
export interface AlongTrajectories {
  /** The time of the sample at which it starts. */
  readonly first: number
  /** f̂ at time number k, r = ∂_t f̂ + a·∇f̂ and how far it may be off: n·d values each. */
  at(k: number): Pick<Node, 'value' | 'tangent' | 'error'>
  /** The same at any time and the places of all trajectories then. Without it the times of the sample are all there are. */
  anywhere?(time: number, x: Float64Array): Pick<Node, 'value' | 'tangent' | 'error'>
  /** How far ∫ ‖r‖ dt may be off because of tangents by differences, where that is known otherwise than by `error`. */
  readonly derivativeError?: number
}

/** Three nodes with equal steps in θ. */
export type Panel = readonly [Node, Node, Node]

/** ‖r‖ at one time, and the error of the map there. */
export interface NodeSum {
  readonly time: number
  readonly theta: number
  readonly residual: number
  /** ‖r‖ dt/dθ */
  readonly density: number
  readonly error: number
}

/** What one panel, or several, add to a certificate. */
export interface PanelSum {
  /** ∫ ‖r‖ dt, nowhere below the increments. */
  readonly integral: number
  /** How far Simpson's rule for r is from what f̂ changes by: ‖Δ − ∫r dt‖. */
  readonly defect: number
  /** ∫ of the error of the tangents. */
  readonly derivativeError: number
  /** The part of each trajectory in `integral`, to first order, and the part of the mean in it. */
  readonly contributions: Float64Array
  readonly centre: number
  readonly increments: readonly Increment[]
  /** Nodes but the last. */
  readonly nodes: readonly NodeSum[]
}

/** Sums a panel by Simpson's rule in θ. */
export type PanelRule = (panel: Panel) => PanelSum

export function panelRule(
  { scale, trace }: Moments,
  { x0, weights }: Pick<CarriedSample, 'x0' | 'weights'>,
): PanelRule & { readonly node: (node: Node) => NodeSum } {
  const norm = weightedNorm(weights, trace)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  // dt/dθ
  const speed = ({ time }: Node) => 1 / angleRate(scale, time)
  const summed = (node: Node): NodeSum => {
    const residual = norm(node.tangent).norm
    return {
      ...{ time: node.time, theta: node.theta, residual, density: residual * speed(node) },
      error: norm(node.value, x0).norm,
    }
  }

  const rule = (panel: Panel): PanelSum => {
    const [low, middle, high] = panel
    const third = (high.theta - low.theta) / 6
    const factors = panel.map((node, k) => (k === 1 ? 4 : 1) * third * speed(node))
    const sizes = panel.map(({ tangent }) => norm(tangent))
    const steps = [norm(middle.value, low.value), norm(high.value, middle.value)]
    const simpson = sizes.reduce((sum, { norm: size }, k) => sum + factors[k] * size, 0)
    const changed = steps[0].norm + steps[1].norm
    const quadrature = high.value.map((value, i) => {
      const integral =
        factors[0] * low.tangent[i] + factors[1] * middle.tangent[i] + factors[2] * high.tangent[i]
      return value - low.value[i] - integral
    })
    const contributions = new Float64Array(weights.length)
    let centre = 0
    /** The part of each trajectory in factor·norm: a root mean square to first order. */
    const add = ({ norm: size, mean, squares }: (typeof sizes)[number], factor: number) => {
      if (size === 0) return
      const slope = factor / (2 * size)
      centre += slope * mean
      for (let row = 0; row < weights.length; row++)
        contributions[row] += (slope / total) * weights[row] * squares[row]
    }
    if (simpson >= changed) for (const [k, size] of sizes.entries()) add(size, factors[k])
    else for (const step of steps) add(step, 1)
    const errors = panel.map(({ error }) => (error ? norm(error).norm : 0))
    return {
      integral: Math.max(simpson, changed),
      defect: norm(quadrature).norm,
      derivativeError: errors.reduce((sum, error, k) => sum + factors[k] * error, 0),
      contributions,
      centre,
      increments: steps.map(({ norm: size }, k) => ({
        ...{ from: panel[k].time, to: panel[k + 1].time, size },
        error: norm(panel[k + 1].value, x0).norm,
      })),
      nodes: [summed(low), summed(middle)],
    }
  }
  return Object.assign(rule, { node: summed })
}

/** Several panels, one after the other. */
export function joined(parts: readonly PanelSum[]): PanelSum {
  const contributions = new Float64Array(parts[0].contributions.length)
  for (const part of parts)
    for (let row = 0; row < contributions.length; row++) contributions[row] += part.contributions[row]
  const sum = (of: (part: PanelSum) => number) => parts.reduce((all, part) => all + of(part), 0)
  return {
    integral: sum(({ integral }) => integral),
    defect: sum(({ defect }) => defect),
    derivativeError: sum(({ derivativeError }) => derivativeError),
    contributions,
    centre: sum(({ centre }) => centre),
    increments: parts.flatMap((part) => part.increments),
    nodes: parts.flatMap((part) => part.nodes),
  }
}

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
