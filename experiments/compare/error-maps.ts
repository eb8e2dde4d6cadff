import { spread } from '../../src/figures/facets.ts'
import { type Figure, figures } from '../../src/figures/index.ts'
import { ownPoints, processTime } from '../../src/problem/process.ts'
import { formatNumber } from '../../src/report/format.ts'
import { type ErrorSeries, stacked } from '../../src/report/index.ts'
import { cellCentre } from '../../src/report/packed-errors.ts'
import type { Comparison } from './index.ts'
import type { Measured } from './tasks.ts'

// above two dimensions: dots a panel, and how far they are drawn, where p_T is close to a standard normal
const MOST_DOTS = 1000
const FARTHEST = 4

/**
 * Where each method is wrong: over place and time on the line, over the noise at T in the plane; above, at points of trajectories, seen along the two
 * widest directions of the data.
 */
export function errorMapsFigure(comparison: Mapped): Figure[] {
  const { grid, time } = comparison
  if (!grid) return scattered(comparison)
  const { dimension, nodes, halfWidth, times } = grid
  const edge: [number, number] = [-halfWidth, halfWidth]
  const scale = comparison.problem.density.moments.scale
  const half = Math.atan2(times[times.length - 1].time, scale) / times.length / 2
  const line = dimension === 1
  return [
    figures.errorMaps({
      title: line ? mapsTitle : `${mapsTitle} (t = ${Number(time.toPrecision(3))})`,
      extent: { x: edge, y: line ? [half, (2 * times.length + 1) * half] : edge },
      axes: mapAxes[dimension],
      methods: shownInMaps(comparison.measured).map((one) => ({
        ...head(one),
        errors: (line ? stacked(one.mapErrors ?? []) : one.mapErrors?.at(-1)) ?? [],
        columns: nodes,
        rows: line ? times.length : nodes,
      })),
    }),
  ]
}

/** f̂(T, ·) of each method over the true f on the line. */
export function curvesOnLine(comparison: Mapped): Figure[] {
  const { grid, measured } = comparison
  if (grid?.dimension !== 1) return []
  const { nodes, halfWidth, times } = grid
  const name = dataAxes(comparison)[0]
  return [
    figures.mapCurves({
      title: 'The map f(T, ·) of each method over the true one',
      axes: [mapAxes[1][0], name === 'x' ? 'f(T, x)' : `f(T, x): ${name}`],
      x: Float64Array.from({ length: nodes }, (_, i) => cellCentre(i, nodes, halfWidth)),
      truth: times[times.length - 1].truth,
      methods: shownInMaps(measured).map((one) => ({ ...head(one), values: one.curve ?? [] })),
    }),
  ]
}

/** What stands above a panel. */
function head({ method, statistics }: Pick<Measured, 'method' | 'statistics'>) {
  return { label: method, note: `relative error ${formatNumber(statistics.relativeError, 2)}` }
}

function scattered({ problem, sample, measured, time }: Mapped): Figure[] {
  const { density, dimension: d } = problem
  const { mean, scale, eigenvectors } = density.moments
  const ends = sample.positions[sample.positions.length - 1]
  const r = Math.hypot(sample.times[sample.times.length - 1], scale)
  const rows = spread(ends.length / d, MOST_DOTS)
  // eigenvalues rise: the last two directions are the widest
  const [x, y] = [1, 2].map((place) =>
    Float64Array.from(rows, (row) => {
      let sum = 0
      for (let i = 0; i < d; i++) sum += eigenvectors[i * d + d - place] * (ends[row * d + i] - mean[i])
      return sum / r
    }),
  )
  const reach = (values: Float64Array) =>
    1.05 * values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const edge = Math.min(FARTHEST, Math.max(reach(x), reach(y)))
  return [
    figures.errorMaps({
      title: `${mapsTitle} (t = ${Number(time.toPrecision(3))}, along the two widest directions of the data)`,
      extent: { x: [-edge, edge], y: [-edge, edge] },
      axes: ['v₁ · (x − μ)/r', 'v₂ · (x − μ)/r'],
      methods: shownInMaps(measured).map((one) => ({
        ...head(one),
        errors: rows.map((row) => Math.sqrt(one.squares[row])),
        x,
        y,
      })),
    }),
  ]
}

/** What maps and curves are drawn from: of a whole comparison, or of a single map. */
export type Mapped = Pick<Comparison, 'grid' | 'problem' | 'time' | 'sample' | 'data'> & {
  readonly measured: readonly Pick<Measured, 'method' | 'statistics' | 'squares' | 'mapErrors' | 'curve'>[]
}

/** The error maps of all times, for the slider of the report; null where there are none. */
export function errorSeries({ grid, measured, problem, time }: Mapped): ErrorSeries | null {
  if (!grid) return null
  const { process, density } = problem
  const { mean, scale } = density.moments
  return {
    figure: 'error-maps',
    dimension: grid.dimension,
    nodes: grid.nodes,
    halfWidth: grid.halfWidth,
    axes: mapAxes[grid.dimension],
    times: grid.times.map(({ time: ve }, k) => {
      const own = k === grid.times.length - 1 ? time : processTime(process, ve)
      const centre = Array.from(ownPoints(process, own, mean))
      return { time: own, centre, scale: process.alpha(own) * Math.hypot(scale, ve) }
    }),
    methods: shownInMaps(measured).map(({ method, mapErrors }) => ({ method, errors: mapErrors ?? [] })),
  }
}

export const mapsTitle = 'Where in noise space each method is wrong'
/** To the right and upwards, by dimension. */
export const mapAxes = {
  1: ['y = (x − μ)/r', 'θ = arctan(t/c) (rad)'],
  2: ['y₁ = (x₁ − μ₁)/r', 'y₂ = (x₂ − μ₂)/r'],
} as const

/** The methods whose errors are drawn: the exact one has nothing to show. */
export function shownInMaps<T extends { readonly method: string }>(measured: readonly T[]): T[] {
  return measured.filter(({ method }) => method !== 'exact')
}

/** Names of the data's coordinates: the standardised columns of a table, else x₁, x₂, … */
export function dataAxes({ data, problem }: Pick<Comparison, 'data' | 'problem'>): string[] {
  // standardised data have no unit
  if (data) return data.columns.map((column) => `${column.replace(/\s*\([^)]*\)$/, '')}, standardised`)
  if (problem.dimension === 1) return ['x']
  return Array.from({ length: problem.dimension }, (_, i) => `x${subscript(i + 1)}`)
}

function subscript(n: number): string {
  return [...String(n)].map((digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]).join('')
}
