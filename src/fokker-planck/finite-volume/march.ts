import { ComputationError } from '../../errors.ts'
import { gaussLegendre } from '../../numeric/gauss-quadrature.ts'
import { inside } from '../../problem/inside.ts'
import type { Faces } from './cells.ts'

/** dX = b(t, X) dt + σ(t) dB on the line. */
export interface LineProcess {
  drift(t: number, x: Float64Array, out: Float64Array): void
  diffusion(t: number): number
  /** Whether b depends on t. */
  readonly timed: boolean
}

// SDIRK of order 4 with an embedded method of order 3, L-stable and stiffly accurate (Hairer & Wanner, Solving ODEs II, Table IV.6.5)
const GAMMA = 1 / 4
const STAGES = [
  [],
  [1 / 2],
  [17 / 50, -1 / 25],
  [371 / 1360, -137 / 2720, 15 / 544],
  [25 / 24, -49 / 48, 125 / 16, -85 / 12],
]
const TIMES = [1 / 4, 3 / 4, 11 / 20, 1 / 2, 1]
const EMBEDDED = [59 / 48 - 25 / 24, -17 / 96 + 49 / 48, 225 / 32 - 125 / 16, 0, -1 / 4]
const MOST_STEPS = 20_000
// a step that could be longer by less than this stays, and with it the factors of its matrix
const LONGER = 1.4
const MOST_GROWTH = 3
const FIRST_STEP = 1e-3
// of a jump of the drift at a face, over 2D/width of both cells: beyond, cells are too wide to see what p does there
const RESOLVED = 0.5
const { nodes, weights } = gaussLegendre(2)

/** Fluxes through the inner faces: left[i] m_i − right[i] m_{i+1}. */
interface Fluxes {
  readonly left: Float64Array
  readonly right: Float64Array
}

/**
 * Masses of the cells after the Fokker–Planck equation, by a finite-volume scheme of order 2 (Scharfetter & Gummel 1969): the flux between the
 * centres of two cells is that of a stationary law with the mean drift of either half. Masses stay positive for short steps and add up to what they
 * did whatever the steps are; a drift may jump at faces. In time by an SDIRK method of order 4.
 *
 * @param stops growing times that no step goes across; the first is the start
 * @throws ComputationError where 20,000 steps do not reach the last stop
 */
export function marchMasses(
  process: LineProcess,
  faces: Faces,
  start: Float64Array,
  stops: readonly number[],
  tolerance: number,
): Float64Array {
  const count = start.length
  const end = stops[stops.length - 1]
  const fluxesAt = fluxes(process, faces)
  const rates = TIMES.map(() => new Float64Array(count))
  const solve = tridiagonal(count)
  const right = new Float64Array(count)
  const found = new Float64Array(count)
  const masses = start.slice()
  const zero = new Float64Array(count)
  let step = FIRST_STEP * (stops[1] - stops[0])
  let tried = 0
  for (let k = 0; k < stops.length - 1; k++) {
    const [low, high] = [stops[k], stops[k + 1]]
    for (let t = low; t < high; tried++) {
      if (tried === MOST_STEPS)
        throw new ComputationError(
          `The finite-volume scheme took ${MOST_STEPS} steps to reach t = ${t} of ${end}.`,
        )
      const last = t + step >= high - 1e-9 * step
      const h = last ? high - t : step
      for (let stage = 0; stage < TIMES.length; stage++) {
        sums(masses, h, STAGES[stage], rates, right)
        solve(fluxesAt(inside(t + TIMES[stage] * h, low, high)), h * GAMMA, right, found)
        const own = rates[stage]
        for (let i = 0; i < count; i++) own[i] = (found[i] - right[i]) / (h * GAMMA)
      }
      sums(zero, h, EMBEDDED, rates, right)
      let error = 0
      for (let i = 0; i < count; i++) error += Math.abs(right[i])
      if (!Number.isFinite(error) && h < 1e-12 * end)
        throw new ComputationError(
          `The finite-volume scheme fails at t = ${t}: the drift is no number there.`,
        )
      const factor = error > 0 ? 0.9 * (tolerance / error) ** 0.25 : MOST_GROWTH
      const next = h * Math.min(MOST_GROWTH, Math.max(0.2, Number.isNaN(factor) ? 0 : factor))
      if (error <= tolerance) {
        masses.set(found)
        t = last ? high : t + h
        if (next < step ? !last : next > LONGER * step) step = next
      } else step = next
    }
  }
  return masses
}

/** out = start + h Σ weights[j] rates[j]. */
function sums(
  start: Float64Array,
  h: number,
  parts: readonly number[],
  rates: readonly Float64Array[],
  out: Float64Array,
): void {
  out.set(start)
  for (let j = 0; j < parts.length; j++) {
    const [weight, rate] = [h * parts[j], rates[j]]
    if (weight !== 0) for (let i = 0; i < out.length; i++) out[i] += weight * rate[i]
  }
}

function fluxes({ drift, diffusion, timed }: LineProcess, faces: Faces): (t: number) => Fluxes {
  const count = faces.length - 1
  const places = new Float64Array(4 * count)
  for (let half = 0; half < 2 * count; half++) {
    const i = half >> 1
    const middle = (faces[i] + faces[i + 1]) / 2
    const [from, to] = half % 2 === 0 ? [faces[i], middle] : [middle, faces[i + 1]]
    for (let q = 0; q < 2; q++) places[2 * half + q] = from + ((to - from) / 2) * (1 + nodes[q])
  }
  const b = new Float64Array(places.length)
  const left = new Float64Array(count - 1)
  const right = new Float64Array(count - 1)
  let known = { t: Number.NaN, coefficient: Number.NaN, fluxes: { left, right } }
  return (t) => {
    const coefficient = diffusion(t) ** 2 / 2
    const same = known.coefficient === coefficient
    if (same && (!timed || known.t === t)) return known.fluxes
    if (timed || Number.isNaN(known.t)) drift(t, places, b)
    // a new object says that its values are new
    known = { t, coefficient, fluxes: { left, right } }
    for (let i = 0; i < count - 1; i++) {
      const [own, next] = [faces[i + 1] - faces[i], faces[i + 2] - faces[i + 1]]
      const at = 4 * i + 2
      const before = (weights[0] * b[at] + weights[1] * b[at + 1]) / 2
      const after = (weights[0] * b[at + 2] + weights[1] * b[at + 3]) / 2
      // the density at the face is where the fluxes from both centres agree: below the mean where the drift rises
      const [near, far] = [(2 * coefficient) / own, (2 * coefficient) / next]
      const jump = after - before
      const bend = Math.abs(jump) < RESOLVED * (near + far) ? jump : 0
      const shares = coefficient > 0 ? near + far + bend : 1
      const first = coefficient > 0 ? near / shares : next / (own + next)
      const second = coefficient > 0 ? far / shares : own / (own + next)
      left[i] = (before * first - near * (first - 1)) / own
      right[i] = ((near - before) * second) / next
    }
    return known.fluxes
  }
}

/** (I − s A) found = right, A the change of masses by fluxes; factors are kept while fluxes and s stay. */
function tridiagonal(count: number) {
  const inverse = new Float64Array(count)
  const lower = new Float64Array(count)
  const upper = new Float64Array(count)
  let known: { readonly fluxes: Fluxes; readonly s: number } | null = null
  return (fluxes: Fluxes, s: number, right: Float64Array, found: Float64Array): void => {
    if (known?.fluxes !== fluxes || known.s !== s) {
      known = { fluxes, s }
      const { left, right: back } = fluxes
      inverse[0] = 1 / (1 + s * left[0])
      for (let i = 1; i < count; i++) {
        lower[i] = s * left[i - 1] * inverse[i - 1]
        upper[i - 1] = s * back[i - 1] * inverse[i - 1]
        inverse[i] = 1 / (1 + s * (back[i - 1] + (i < count - 1 ? left[i] : 0)) - lower[i] * s * back[i - 1])
      }
    }
    let value = right[0]
    found[0] = value
    for (let i = 1; i < count; i++) {
      value = right[i] + lower[i] * value
      found[i] = value
    }
    value *= inverse[count - 1]
    found[count - 1] = value
    for (let i = count - 2; i >= 0; i--) {
      value = found[i] * inverse[i] + upper[i] * value
      found[i] = value
    }
  }
}
