import type { VeMap } from '../consistency-function.ts'
import { InputError } from '../errors.ts'
import { type CarriedSample, carrier } from '../metrics/carried-sample.ts'
import { standardErrorOfSum } from '../metrics/error-statistics.ts'
import { gathered, type Increments, weightedNorm } from '../metrics/increments.ts'
import type { Density } from '../problem/density.ts'
import { alongMap } from './along-values.ts'
import { checkTangents } from './check-tangents.ts'
import {
  type AlongTrajectories,
  joined,
  type Node,
  type NodeBetween,
  type NodeSum,
  type Panel,
  type PanelSum,
  panelRule,
  type Refined,
  refine,
} from './panel.ts'
import { stratifiedShape } from './pareto.ts'
import { alongFlow } from './velocity.ts'

/** The certificate of docs/mathematics.md §5, relative to √(tr Cov(p_data)) like every error here. */
export interface Certificate extends Increments {
  /**
   * ‖f̂(t₀, ·) − f(t₀, ·)‖ + ∫ ‖r(t, ·)‖_{L²(p_t)} dt from t₀ to T, an estimate of a bound on the relative error. Never below
   * `incrementBound`, and so never below the error on the same trajectories.
   */
  readonly estimate: number
  /** How far the estimate may be off because tangents are known by differences only; null where they are exact. */
  readonly derivativeError: number | null
  /** How far the quadrature of r in time is from what f̂ changes by along the trajectories. */
  readonly quadratureError: number
  /** estimate ± (1.96 standard errors + quadratureError + derivativeError). */
  readonly interval: readonly [number, number]
  /** Pareto k̂ of the contributions of the trajectories to the estimate: how heavy their tail is, in the worst part of the data that matters. */
  readonly paretoK: number
  /** Whether the estimate can be taken for a bound. */
  readonly bound: boolean
  /** Why it can not, in a sentence; null where it can. */
  readonly reason: string | null
  /**
   * ‖r(t, ·)‖ for each unit of t, the same for each unit of θ = arctan(t/c) (the area under `density` over θ is the estimate), and
   * the error ‖f̂(t, x(t)) − x(0)‖ at that time.
   */
  readonly byTime: readonly NodeSum[]
}

/** Panels are split until their defects add up to this share of the estimate, */
const TOLERANCE = 0.02
/** or each is so small a share of the size of f: what single precision leaves of a difference. */
const ROUNDING = 4e-7
/** as long as there are at most so many times more nodes than at first. */
const MOST_REFINED = 4

/**
 * Bounds the error of a differentiable consistency function by its PDE residual r = ∂_t f̂ + a·∇f̂ on carried
 * trajectories: ‖f̂(T,·) − f(T,·)‖ ≤ ‖f̂(t₀,·) − f(t₀,·)‖ + ∫ ‖r(t,·)‖ dt (docs/mathematics.md §5), by Simpson's rule in θ on the
 * sample's times from the first, t₀, at which the map is f, and on times between where the rule disagrees with what f̂ changes by along the
 * same trajectories (§5.7). Where no times resolve it, `bound` is false.
 *
 * On trajectories that were drawn plainly, as without a log-density, rare points in the layers between modes can hold most of the
 * residual: then the Pareto k̂ of the sample is large, and `bound` says that the estimate is none (docs/mathematics.md §5.4).
 *
 * @throws InputError when the map has no Jacobian–vector product, or one that contradicts its values
 */
export function certificate(map: VeMap, density: Density, sample: CarriedSample): Certificate {
  if (!map.jvp)
    throw new InputError(
      'the map',
      'not differentiable',
      'a map with a Jacobian–vector product, as networks have',
    )
  const { times, positions } = sample
  const first = firstTime(times, map.startTime ?? 0)
  // those of layers of our own are right, and where a network has diverged its values are what is too rough to tell
  if (!map.ownDerivative)
    checkTangents('the map', map, density, {
      times: times.subarray(first),
      positions: positions.slice(first),
    })
  if (map.byDifferences) return certificateAlong(density, sample, alongMap(map, density, sample, first))
  const anywhere = (time: number, x: Float64Array) => alongFlow(map, density, time, x)
  return certificateAlong(density, sample, {
    first,
    at: (k) => anywhere(times[k], positions[k]),
    anywhere,
  })
}

/** The first time of a sample, from `start` on, that leaves an even number of intervals to the last. */
export function firstTime(times: Float64Array, start: number): number {
  const first = times.findIndex((time) => time >= start)
  if (first < 0 || first > times.length - 3)
    throw new InputError('the start of the map', start, `a time well below the largest, ${times.at(-1)}`)
  return first + ((times.length - 1 - first) % 2)
}

/** The certificate of whatever is known along the trajectories of a sample. */
export function certificateAlong(
  density: Density,
  sample: CarriedSample,
  along: AlongTrajectories,
): Certificate {
  const { scale, trace } = density.moments
  const { times, positions, weights, x0 } = sample
  const { first } = along
  const rule = panelRule(density.moments, sample)
  const nodeAt = (k: number): Node => ({
    ...{ time: times[k], theta: Math.atan2(times[k], scale), x: positions[k] },
    ...along.at(k),
  })

  // the values at all times at once would take three times the memory of the trajectories
  let node = nodeAt(first)
  const start = weightedNorm(weights, trace)(node.value, x0)
  const size = Math.max(1, weightedNorm(weights, trace)(node.value).norm)
  const sums: PanelSum[] = []
  for (let k = first; k + 2 < times.length; k += 2) {
    const panel: Panel = [node, nodeAt(k + 1), nodeAt(k + 2)]
    sums.push(rule(panel))
    node = panel[2]
  }
  const { sum, jump } = refineAll(sums, start.norm, size)

  const estimate = start.norm + sum.integral
  const derivativeError = along.derivativeError ?? (node.error ? sum.derivativeError : null)
  const total = weights.reduce((all, weight) => all + weight, 0)
  const initial = start.norm > 0 ? 1 / (2 * start.norm) : 0
  const centre = sum.centre + initial * start.mean
  const contributions = sum.contributions.map(
    (part, row) => part + (initial / total) * weights[row] * start.squares[row],
  )
  const terms = contributions.map((part, row) => part - weights[row] * (centre / total))
  const deviation = 1.96 * standardErrorOfSum(terms, sample.labels) + sum.defect + (derivativeError ?? 0)
  const { shape: paretoK, largest } = stratifiedShape(contributions, sample.labels)
  const found = {
    ...gathered(start.norm, sum.increments),
    estimate,
    derivativeError,
    quadratureError: sum.defect,
    paretoK,
    byTime: [...sum.nodes, rule.node(node)],
  }
  const reason = reasonAgainst({ ...found, largestShape: largest, size, jump })
  return {
    ...found,
    interval: [Math.max(0, estimate - deviation), estimate + deviation],
    bound: reason === null,
    reason,
  }

  /** Splits the panels that hold most of the defect, the worst last: it has what the others do not need. */
  function refineAll(panels: PanelSum[], initialError: number, size: number) {
    const { anywhere } = along
    let jump: Refined['jump'] = null
    let added = 0
    const before = joined(panels)
    const whole = initialError + before.integral
    const tolerance = Math.max((TOLERANCE * whole) / panels.length, ROUNDING * size)
    const order = [...panels.keys()]
      .filter((k) => panels[k].defect > tolerance)
      .sort((a, b) => panels[a].defect - panels[b].defect)
    if (!anywhere || before.defect <= Math.max(TOLERANCE * whole, ROUNDING * size * panels.length))
      return { sum: before, jump }
    const carry = carrier(density, sample.rtol)
    const between: NodeBetween = (low, theta) => {
      const time = scale * Math.tan(theta)
      const x = carry(low.x, low.time, time)
      return { time, theta, x, ...anywhere(time, x) }
    }
    for (const [turn, k] of order.entries()) {
      const from = first + 2 * k
      const panel: Panel = [nodeAt(from), nodeAt(from + 1), nodeAt(from + 2)]
      const room = MOST_REFINED * (times.length - first) - added
      const budget = Math.floor(room / (order.length - turn))
      const refined = refine(panel, panels[k], budget, { rule, between, tolerance })
      panels[k] = refined.sum
      added += refined.added
      jump ??= refined.jump
    }
    return { sum: joined(panels), jump }
  }
}

/** What decides whether an estimate can be taken for a bound. */
interface Grounds {
  readonly estimate: number
  readonly quadratureError: number
  readonly derivativeError: number | null
  readonly paretoK: number
  /** The largest k̂ that is trusted. */
  readonly largestShape: number
  /** ‖f‖ in units of errors, at least 1. */
  readonly size: number
  /** VE times between which f changes by a jump. */
  readonly jump: readonly [number, number] | null
  readonly byTime: { readonly length: number }
}

/** A bound may be off by this share of itself, */
const SHARE = 0.1
/** or by this share of the size of f. */
const LEAST = 1e-5

/** Why an estimate is no bound, in a clause that can follow "No bound: "; null where it is one. */
export function reasonAgainst(grounds: Grounds): string | null {
  const { estimate, quadratureError, derivativeError, paretoK, largestShape, size, jump, byTime } = grounds
  const allowed = SHARE * estimate + LEAST * size
  if (!(quadratureError <= allowed)) {
    const off = `differs by ${quadratureError.toPrecision(2)} from what it changes by along the trajectories`
    return jump
      ? `the map jumps near t = ${Number(((jump[0] + jump[1]) / 2).toPrecision(4))} of the VE process, where the integral of its residual ${off}`
      : `the residual changes too fast for ${byTime.length} times: its integral ${off}; try more --intervals`
  }
  if (derivativeError !== null && !(derivativeError <= allowed))
    return `the derivatives by differences do not settle, they may put it off by ${derivativeError.toPrecision(2)}; try tangents, or more --intervals`
  if (!(paretoK <= largestShape))
    return (
      `the residuals have so heavy a tail (Pareto k ${paretoK.toFixed(2)}, above ${largestShape.toFixed(2)}) that rare points may hold ` +
      'most of them; try more samples'
    )
  return null
}
