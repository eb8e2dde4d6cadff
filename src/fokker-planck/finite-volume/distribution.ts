import { gaussLegendre } from '../../numeric/gauss-quadrature.ts'
import type { Distribution } from '../../problem/law.ts'
import { type Faces, halved, lineCells } from './cells.ts'
import { type LineProcess, marchMasses } from './march.ts'

/** A distribution function that is known at faces. */
export interface LineDistribution extends Distribution {
  readonly faces: Faces
}

export interface LineLaw {
  readonly process: LineProcess
  /** log p at t = 0. */
  logDensity(x: Float64Array, out: Float64Array): void
  readonly box: readonly [number, number]
  /** The narrowest mode at any time, about. */
  readonly width: number
  /** Where the drift jumps, bends or changes fast, ascending. */
  readonly places: readonly number[]
  /** 0, times that no step goes across, and the end. */
  readonly stops: readonly number[]
}

// cells to the narrowest mode on the coarsest grid, and most cells on the finest
const FINENESS = 6
const MOST = 1 << 15
// of the time steps on the coarsest grid; sixteen times less on each finer one
const TOLERANCE = 1e-7
// … but not less than this part of the accuracy
const LEAST_TOLERANCE = 1e-3
const POINTS = 6
const ROUNDING = 1e-12
const { nodes, weights } = gaussLegendre(8)

interface Level {
  readonly faces: Faces
  /** Probabilities below the faces and above them. */
  readonly sums: readonly [Float64Array, Float64Array]
}

/**
 * The law at the last of the times, by finite volumes on three grids, each of half the cells' width: two extrapolations to order 4, the finer one and,
 * as its error, their difference. Until that is below `accuracy` everywhere grids are halved.
 *
 * @returns null where a smooth law would need more than 32,768 cells
 * @throws ComputationError where the steps in time fail
 */
export function lineDistribution(law: LineLaw, accuracy: number): LineDistribution | null {
  const [low, high] = law.box
  let faces = lineCells(low, high, law.width / FINENESS, law.places, MOST / 4)
  if (!faces) return null
  let tolerance = TOLERANCE
  const next = (): Level => {
    const level = solved(law, faces as Faces, tolerance)
    tolerance = Math.max(tolerance / 16, LEAST_TOLERANCE * accuracy)
    faces = halved(faces as Faces)
    return level
  }
  let levels = [next(), next(), next()]
  for (;;) {
    const found = extrapolated(law, levels)
    if (found.error <= accuracy || faces.length > MOST) return found
    levels = [levels[1], levels[2], next()]
  }
}

function solved({ process, logDensity, stops }: LineLaw, faces: Faces, tolerance: number): Level {
  const count = faces.length - 1
  const x = new Float64Array(count * nodes.length)
  for (let i = 0; i < count; i++)
    for (let q = 0; q < nodes.length; q++)
      x[i * nodes.length + q] = faces[i] + ((faces[i + 1] - faces[i]) / 2) * (1 + nodes[q])
  const logs = new Float64Array(x.length)
  logDensity(x, logs)
  const start = new Float64Array(count)
  for (let i = 0; i < count; i++)
    for (let q = 0; q < nodes.length; q++)
      start[i] += ((faces[i + 1] - faces[i]) / 2) * weights[q] * Math.exp(logs[i * nodes.length + q])
  const masses = marchMasses(process, faces, start, stops, tolerance)
  const below = new Float64Array(count + 1)
  const above = new Float64Array(count + 1)
  for (let i = 0; i < count; i++) below[i + 1] = below[i] + masses[i]
  for (let i = count - 1; i >= 0; i--) above[i] = above[i + 1] + masses[i]
  return { faces, sums: [below, above] }
}

function extrapolated(
  { process, places, stops }: LineLaw,
  [coarse, middle, fine]: readonly Level[],
): LineDistribution {
  const { faces } = middle
  const count = faces.length
  const sides = [0, 1].map((side) => {
    const [c, m, f] = [coarse.sums[side], middle.sums[side], fine.sums[side]]
    const values = m.map((value, i) => (4 * f[2 * i] - value) / 3)
    const errors = new Float64Array(count)
    for (let i = 0; i < count; i += 2) errors[i] = Math.abs(values[i] - (4 * m[i] - c[i / 2]) / 3)
    for (let i = 1; i < count; i += 2) errors[i] = Math.max(errors[i - 1], errors[i + 1])
    return { values, errors }
  })
  const ends = segments(process, places, faces, stops[stops.length - 1])
  return {
    cells: fine.faces.length - 1,
    mass: fine.sums[1][0],
    error: Math.max(...sides.map(({ errors }) => errors.reduce((a, b) => Math.max(a, b), 0))),
    faces,
    box: [faces[0], faces[count - 1]],
    corners: ends.length > 2,
    probability(x, side) {
      const { values, errors } = sides[side]
      const cell = Math.min(count - 2, lastAtMost(faces, x))
      const segment = Math.min(ends.length - 2, lastAtMost(ends, cell))
      const [first, last] = [ends[segment], ends[segment + 1]]
      const from = Math.max(first, Math.min(cell - POINTS / 2 + 1, last - POINTS + 1))
      return {
        value: interpolated(faces, values, from, Math.min(POINTS, last - first + 1), x),
        error: Math.max(errors[cell], errors[cell + 1]),
      }
    },
  }
}

/** Indices of faces between which p is smooth: those where the drift jumps or bends. */
function segments({ drift }: LineProcess, places: readonly number[], faces: Faces, t: number): number[] {
  const b = new Float64Array(5)
  const inner = places.flatMap((place) => {
    const i = lastAtMost(faces, place + 1e-12 * (faces[faces.length - 1] - faces[0]))
    if (i < 1 || i > faces.length - 2) return []
    const h = Math.min(faces[i] - faces[i - 1], faces[i + 1] - faces[i]) / 4
    drift(t, Float64Array.of(place - 2 * h, place - h, place, place + h, place + 2 * h), b)
    // at half the distance a smooth function changes by half as much, and bends by a fourth; a corner bends by a half
    const smooth =
      Math.abs(b[3] - b[1]) <= 0.7 * Math.abs(b[4] - b[0]) &&
      Math.abs(b[1] - 2 * b[2] + b[3]) <= 0.4 * Math.abs(b[0] - 2 * b[2] + b[4]) + ROUNDING * Math.abs(b[2])
    return smooth ? [] : [i]
  })
  return [...new Set([0, ...inner, faces.length - 1])].sort((a, b) => a - b)
}

function lastAtMost(values: ArrayLike<number>, x: number): number {
  let [low, high] = [0, values.length]
  while (high - low > 1) {
    const half = (low + high) >> 1
    if (values[half] <= x) low = half
    else high = half
  }
  return low
}

/** The polynomial through `points` values from `first` on, by Neville's scheme. */
function interpolated(faces: Faces, values: Float64Array, first: number, points: number, x: number): number {
  const row = values.slice(first, first + points)
  for (let order = 1; order < points; order++)
    for (let k = 0; k < points - order; k++) {
      const [left, right] = [faces[first + k], faces[first + k + order]]
      row[k] = ((x - left) * row[k + 1] + (right - x) * row[k]) / (right - left)
    }
  return row[0]
}
