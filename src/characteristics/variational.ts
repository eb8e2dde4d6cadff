import { InputError } from '../errors.ts'
import type { Density } from '../problem/density.ts'
import type { BlockSolver } from './block-solver.ts'
import { similarBlocks } from './blocks.ts'
import type { Velocity } from './engine.ts'
import { createSegments, isFlat, type Segment } from './segments.ts'

// Distance of the difference quotients beside √(c² + t²): their error of order 4 and their rounding meet here for scores
// that change over a few per cent of it.
const DISTANCE = 3e-4

/**
 * ∂f/∂x along trajectories: with each trajectory dy/ds = v(s, y) its derivative in the point it started from,
 * dJ/ds = ∇v(s, y) J, J = I at the start (docs/mathematics.md §2.8). ∇v along the columns of J by difference quotients of
 * order 4. A row of the result, [n, d, d], is NaN where the trajectory did not arrive.
 */
export function createVariational(
  density: Density,
  solver: BlockSolver,
): (t: number, x: Float64Array) => Float64Array {
  const d = density.dimension
  if (isFlat(density))
    return () => {
      throw new InputError('the data', density.kind, 'data with a density for the derivative of f')
    }
  const segments = createSegments(density, solver.options.coordinates)
  // of its own, since a velocity keeps memory for blocks of one size
  const shifted = createSegments(density, solver.options.coordinates)

  /** The columns of ∂f/∂x for a block of m rows, [d, m, d], or null where one did not arrive. */
  function columns(t: number, x: Float64Array): Float64Array | null {
    const m = x.length / d
    const state = new Float64Array(x.length * (d + 1))
    state.set(x)
    for (let j = 0; j < d; j++) for (let row = 0; row < m; row++) state[((j + 1) * m + row) * d + j] = 1
    const places = state.subarray(0, x.length)
    const differences = state.subarray(x.length)
    const others = shifted(t, 0)
    for (const [k, segment] of segments(t, 0).entries()) {
      segment.enter(segment.start, places)
      scale(differences, segment.share(segment.start))
      const velocity = withDifferences(segment, others[k].velocity, density)
      if (solver.attempt(velocity, segment.from, segment.to, state).code !== 'success') return null
      segment.leave(segment.end, places)
      scale(differences, 1 / segment.share(segment.end))
    }
    return differences
  }

  return (t, x) => {
    const out = new Float64Array(x.length * d)
    for (const { rows, values } of similarBlocks(x, d, density.moments, solver.options)) {
      const whole = columns(t, values)
      for (const [k, row] of rows.entries()) {
        const own = whole ?? columns(t, values.slice(k * d, (k + 1) * d))
        const [m, at] = whole ? [rows.length, k] : [1, 0]
        for (let j = 0; j < d; j++)
          for (let i = 0; i < d; i++) out[(row * d + i) * d + j] = own?.[(j * m + at) * d + i] ?? Number.NaN
      }
    }
    return out
  }
}

/** The velocity of m places followed by their d·m differences. */
function withDifferences(segment: Segment, shifted: Velocity, { dimension: d, moments }: Density): Velocity {
  let probes = new Float64Array(0)
  let values = new Float64Array(0)
  return (s, state, out) => {
    const size = state.length / (d + 1)
    const total = d * size
    if (probes.length !== 4 * total) {
      probes = new Float64Array(4 * total)
      values = new Float64Array(4 * total)
    }
    const t = segment.time(s)
    const distance = DISTANCE * Math.hypot(moments.scale, t) * segment.share(t)
    segment.velocity(s, state.subarray(0, size), out.subarray(0, size))
    for (let at = 0; at < total; at += d) {
      const share = distance / length(state, size + at, d)
      for (let i = at; i < at + d; i++) {
        const place = state[i % size]
        const step = share * state[size + i]
        probes[i] = place + step
        probes[total + i] = place - step
        probes[2 * total + i] = place + 2 * step
        probes[3 * total + i] = place - 2 * step
      }
    }
    shifted(s, probes, values)
    for (let at = 0; at < total; at += d) {
      const factor = length(state, size + at, d) / (12 * distance)
      for (let i = at; i < at + d; i++)
        out[size + i] =
          factor * (8 * (values[i] - values[total + i]) - (values[2 * total + i] - values[3 * total + i]))
    }
  }
}

function length(values: Float64Array, start: number, d: number): number {
  let square = 0
  for (let i = start; i < start + d; i++) square += values[i] * values[i]
  return Math.max(Math.sqrt(square), Number.MIN_VALUE)
}

function scale(values: Float64Array, factor: number): void {
  for (let i = 0; i < values.length; i++) values[i] *= factor
}
