import type { Inspection } from '../../expression/range/breaks.ts'
import { gaussLegendre } from '../../numeric/gauss-quadrature.ts'
import { memoizeLru } from '../../numeric/memoize-lru.ts'

/** The coefficients of dX = (β(t) X + γ(t)) dt + √square(t) dB. */
interface LinearCoefficients {
  beta(t: number): number
  gamma(t: number): number
  square(t: number): number
  readonly maximumTime?: number
  /** Times that no panel goes across, ascending. */
  readonly breaks?: readonly number[]
  /** What the values of the coefficients between two times can be trusted with. Without it they are taken to be smooth. */
  inspect?(from: number, to: number): Inspection
}

/** X_t = α (X₀ + shift + τ Z), Z ~ N(0, I). */
export interface LinearMoments {
  /** How far the coefficients could be integrated. */
  readonly maximumTime: number
  /** The ends of the panels, ascending from 0: between them the coefficients are smooth. */
  readonly ends: readonly number[]
  alpha(t: number): number
  shift(t: number): number
  veTime(t: number): number
}

/** B = ∫β, ∫γ e^{−B} and ∫square e^{−2B}, the last two relative to the start of the panel. */
interface Integrals {
  readonly log: number
  readonly shift: number
  readonly variance: number
}

const COUNT = 16
// panels are halved until both ways to integrate one agree to this, and until they are this small
const TOLERANCE = 1e-13
const SHARE = 0.1
const SMALLEST = 1e-14
const FIRST = 1e-3
const FARTHEST = 1e8
// the largest σ/α, as of the VE process
const LARGEST_RATIO = 1e8
const MOST_PANELS = 4000
// a panel across a jump, in roundings of t: what is in it does not count
const SLIVER = 4 * Number.EPSILON
// what a panel may be off by, in changes of it when its times are moved by one rounding
const ROUNDINGS = 4
// and at most, relative to itself: beside a pole one rounding explains anything
const MOST_BY_ROUNDING = 1e-6

/**
 * α, the shift and τ = σ/α of a linear process, as integrals of its moment equations: log α = ∫β,
 * shift = ∫γ/α, τ² = ∫square/α² (docs/mathematics.md §1.4). Gauss–Legendre panels of adapted width, to about 1e-13: each is right when its
 * halves agree with it and the ranges of the coefficients (`inspect`) leave no room for what the nodes did not see.
 */
export function linearMoments(coefficients: LinearCoefficients): LinearMoments {
  const { breaks = [], inspect, maximumTime: end = FARTHEST } = coefficients
  const starts = [0]
  const totals: Integrals[] = [{ log: 0, shift: 0, variance: 0 }]
  let width = Math.min(FIRST, end)
  let t = 0
  const accept = (next: number, panel: Integrals) => {
    starts.push(next)
    totals.push(joined(totals[totals.length - 1], panel))
    t = next
  }
  while (t < end && starts.length < MOST_PANELS) {
    const next = Math.min(end, t + width, breaks.find((time) => time > t) ?? end)
    const { smoothUntil, resolved } = inspect?.(t, next) ?? { smoothUntil: next, resolved: true }
    if (smoothUntil < next) {
      const sliver = t + Math.max(SLIVER * t, Number.MIN_VALUE)
      // up to the jump or kink, and from there across it
      if (smoothUntil > sliver) width = smoothUntil - t
      else {
        const across = integrate(coefficients, t, sliver)
        // where a coefficient has no values there is no end of slivers
        if (!(sliver < next) || !allFinite(across)) break
        accept(sliver, across)
      }
      continue
    }
    const middle = (t + next) / 2
    const halves = joined(integrate(coefficients, t, middle), integrate(coefficients, middle, next))
    const total = totals[totals.length - 1]
    const whole = integrate(coefficients, t, next)
    const right =
      resolved && (agree(whole, halves, total) || withinRounding(coefficients, t, next, whole, halves))
    if (!right || !inRange(joined(total, halves))) {
      width = (next - t) / 2
      if (right ? width <= 1e-4 * t : isTooSmall(width, t, resolved && allFinite(halves))) break
      continue
    }
    width = 2 * (next - t)
    accept(next, halves)
  }

  function at(time: number): Integrals {
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const half = (low + high + 1) >> 1
      if (starts[half] <= time) low = half
      else high = half - 1
    }
    return time === starts[low]
      ? totals[low]
      : joined(totals[low], integrate(coefficients, starts[low], time))
  }

  return {
    maximumTime: t,
    ends: starts,
    alpha: (time) => Math.exp(at(time).log),
    shift: (time) => at(time).shift,
    veTime: (time) => Math.sqrt(at(time).variance),
  }
}

/** @param later what the times are multiplied by: 1, or hardly more to see what their rounding does */
function integrate(
  { beta, gamma, square }: LinearCoefficients,
  from: number,
  to: number,
  later = 1,
): Integrals {
  const { nodes, weights } = gaussLegendre(COUNT)
  const partial = partialRows(COUNT)
  const half = (to - from) / 2
  const times = Array.from(nodes, (node) => (from + half * (1 + node)) * later)
  const rates = times.map(beta)
  let [log, shift, variance] = [0, 0, 0]
  for (let i = 0; i < COUNT; i++) {
    let inner = 0
    for (let k = 0; k < COUNT; k++) inner += partial[i][k] * rates[k]
    const inverse = Math.exp(-half * inner)
    log += weights[i] * rates[i]
    shift += weights[i] * gamma(times[i]) * inverse
    variance += weights[i] * square(times[i]) * inverse * inverse
  }
  return { log: half * log, shift: half * shift, variance: half * variance }
}

/** The integrals over two panels, the second after the first. */
function joined(a: Integrals, b: Integrals): Integrals {
  const inverse = Math.exp(-a.log)
  return {
    log: a.log + b.log,
    shift: a.shift + inverse * b.shift,
    variance: a.variance + inverse * inverse * b.variance,
  }
}

function allFinite({ log, shift, variance }: Integrals): boolean {
  return Number.isFinite(log + shift + variance)
}

function inRange({ log, shift, variance }: Integrals): boolean {
  // beyond |log α| = 300 not all of α, its inverse and its square can be represented
  return Math.sqrt(variance) <= LARGEST_RATIO && Math.abs(shift) < 1e150 && Math.abs(log) < 300
}

/** Values that are not numbers near 0 do not become so by going closer. */
function isTooSmall(width: number, t: number, finite: boolean): boolean {
  return width <= SMALLEST * t || width < (finite ? 1e-300 : 1e-30)
}

/** Whether two integrals over a panel agree, in terms of themselves or of what is there before it. */
function agree(a: Integrals, b: Integrals, before: Integrals): boolean {
  const alpha = Math.exp(before.log)
  const close = (x: number, y: number, there: number) =>
    Math.abs(x - y) <= TOLERANCE * Math.max(Math.abs(x), Math.abs(y), SHARE * Math.abs(there), 1e-290)
  return (
    close(a.variance, b.variance, alpha * alpha * before.variance) &&
    close(a.log, b.log, 1) &&
    close(a.shift, b.shift, alpha * before.shift)
  )
}

/**
 * Whether two integrals over a panel differ by no more than the rounding of the times in it explains: in the tail of a pulse as narrow as
 * 1e-4 of its time values of 1e-200 have few digits.
 */
function withinRounding(
  coefficients: LinearCoefficients,
  from: number,
  to: number,
  a: Integrals,
  b: Integrals,
): boolean {
  const moved = integrate(coefficients, from, to, 1 + 2 * Number.EPSILON)
  const close = (x: number, y: number, other: number) => {
    const size = Math.max(Math.abs(x), Math.abs(y))
    const explained = Math.min(ROUNDINGS * Math.abs(x - other), MOST_BY_ROUNDING * size)
    return Math.abs(x - y) <= Math.max(explained, TOLERANCE * size)
  }
  return (
    close(a.log, b.log, moved.log) &&
    close(a.shift, b.shift, moved.shift) &&
    close(a.variance, b.variance, moved.variance)
  )
}

/** Row i: weights for the integral from −1 to node i of the polynomial through the nodes, whose Legendre series is integrated term by term. */
const partialRows = memoizeLru((count): Float64Array[] => {
  const { nodes, weights } = gaussLegendre(count)
  const polynomials = (x: number) => {
    const values = [1, x]
    for (let k = 2; k <= count; k++)
      values.push(((2 * k - 1) * x * values[k - 1] - (k - 1) * values[k - 2]) / k)
    return values
  }
  const atNodes = Array.from(nodes, polynomials)
  return atNodes.map((upper, i) =>
    Float64Array.from(atNodes, (own, p) => {
      let sum = 0.5 * weights[p] * (nodes[i] + 1)
      for (let k = 1; k < count; k++) sum += 0.5 * weights[p] * own[k] * (upper[k + 1] - upper[k - 1])
      return sum
    }),
  )
}, 1)
