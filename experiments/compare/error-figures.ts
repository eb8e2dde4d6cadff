import { type Figure, figures } from '../../src/figures/index.ts'
import { spread } from '../../src/figures/points.ts'
import { cellCentre } from '../../src/report/cell-centre.ts'
import { formatNumber } from '../../src/report/format.ts'
import { stacked } from '../../src/report/index.ts'
import { dataAxes, type Mapped, mapAxes, mapsTitle, shownInMaps } from './error-series.ts'
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
