import { spread } from '../../src/figures/facets.ts'
import { type Figure, figures } from '../../src/figures/index.ts'
import {
  type TrajectoryErrors,
  type TrajectoryValues,
  spread as variance,
} from '../../src/metrics/trajectory-errors.ts'
import { pointMoments } from '../../src/numeric/moments.ts'
import { points } from '../../src/points/points.ts'
import { formatNumber } from '../../src/report/format.ts'
import type { ReportSection } from '../../src/report/index.ts'
import { EQUATIONS } from '../experiment.ts'
import { errorByTimeFigure, errorByTimeSection } from './error-by-time.ts'
import { imageFigures, imageLayout } from './images.ts'
import type { MapReport } from './index.ts'
import { partsSection } from './parts.ts'
import { rowsOf, worstOf, worstSection } from './worst.ts'

/** A map that was measured against a teacher's flow, on trajectories in a file. */
interface MeasuredTrajectories {
  readonly trajectories: TrajectoryValues & { readonly shape: readonly number[] }
  readonly errors: TrajectoryErrors
  /** What `--json` prints of it. */
  readonly record: object
  /** The same in sentences, the first that of the error. */
  readonly sentences: readonly string[]
}

// above it directions of the data take longer than they are worth
const MOST_COORDINATES = 256
const CURVE_POINTS = 600
const DOTS = 1000
// from this ratio of the last time to the first above 0 on, times are shown by their logarithms
const MANY_SCALES = 50

/** The page of one map against a teacher's flow, from values alone. */
export function trajectoryReport({
  trajectories,
  errors,
  record,
  sentences,
}: MeasuredTrajectories): MapReport {
  const { times, positions, values, weights, shape } = trajectories
  const n = weights.length
  const [truth, x, found] = [positions[0], positions[positions.length - 1], values[values.length - 1]].map(
    (all) => Float64Array.from(all),
  )
  const d = truth.length / n
  const trace = variance(truth, weights)
  const squares = new Float64Array(n)
  for (let i = 0; i < truth.length; i++) squares[Math.floor(i / d)] += (found[i] - truth[i]) ** 2 / trace
  const byTime = {
    times: errors.byTime.map(({ time }) => time),
    errors: errors.byTime.map(({ error }) => error),
    increments: errors.byTime.map(({ increment }) => increment),
  }
  const first = byTime.times.find((time) => time > 0) ?? 1
  const log = byTime.times[0] > 0 && byTime.times[byTime.times.length - 1] / first > MANY_SCALES
  const timeFigure = errorByTimeFigure(byTime, byTime.times, { label: 'time t', log })
  const worst = worstOf(squares, weights)
  const worstX = rowsOf(x, d, worst.rows)
  const layout = imageLayout(shape)
  const where = layout
    ? imageFigures({ layout, truth, values: found, worst: worst.rows, count: n })
    : placeFigures(truth, x, found, squares, weights)
  const sections: ReportSection[] = [
    { heading: 'How far', paragraphs: sentences },
    partsSection([
      {
        part: 'the network from the flow of the teacher',
        size: errors.error,
        known: 'measured on these trajectories',
      },
      {
        part: "the teacher's own solver",
        size: errors.solverError?.value ?? null,
        known: errors.solverError
          ? `by half of its steps, at the end of the ${errors.solverError.end === 'first' ? 'data' : 'noise'}: its error is below that`
          : 'the file has no xCoarse',
      },
      {
        part: "the teacher's flow from that of the data",
        size: null,
        known: 'values on its own trajectories say nothing of it',
      },
      {
        part: 'the best a·x + b from the flow',
        size: errors.affineError,
        known: 'what a network that learned nothing can reach',
      },
    ]),
    errorByTimeSection(byTime, timeFigure),
    ...where.map((figure) => ({ heading: figure.title, figures: [figure] })),
    worstSection(worst, worstX),
  ]
  return {
    results: { ...record, worstRows: worst.rows },
    figures: [timeFigure, ...where],
    report: {
      title: 'How far is the network from the flow of its teacher?',
      equation: EQUATIONS.consistency,
      data: record,
      meta: {
        Points: `${n} of shape ${shape.join(' × ') || '1'}`,
        Times: `${times.length}, from ${formatNumber(times[0])} to ${formatNumber(times[times.length - 1])}`,
      },
      sections,
    },
    files: { 'worst.npy': points(worstX, d), 'worst-weights.npy': points(worst.weights, 1) },
  }
}

function meanOf(x: Float64Array, weights: Float64Array, d: number): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const mean = new Float64Array(d)
  for (let i = 0; i < x.length; i++) mean[i % d] += (weights[Math.floor(i / d)] * x[i]) / total
  return mean
}

/** Where it is wrong: the map on the line, else the errors along the two widest directions of the noise. */
function placeFigures(
  truth: Float64Array,
  x: Float64Array,
  found: Float64Array,
  squares: Float64Array,
  weights: Float64Array,
): Figure[] {
  const n = squares.length
  const d = x.length / n
  if (d === 1) {
    const order = Array.from(x.keys()).sort((a, b) => x[a] - x[b])
    const rows = spread(n, CURVE_POINTS).map((i) => order[i])
    return [
      figures.mapCurves({
        title: 'The map of the noise over the true one',
        axes: ['x at the last time', 'f(T, x)'],
        x: rows.map((row) => x[row]),
        truth: rows.map((row) => truth[row]),
        methods: [{ label: 'the network', values: rows.map((row) => found[row]) }],
      }),
    ]
  }
  if (d > MOST_COORDINATES) return []
  // the widest directions of the data, in which modes lie apart
  const { eigenvectors } = pointMoments(truth, d, weights)
  const mean = meanOf(x, weights, d)
  const rows = spread(n, DOTS)
  const [u, v] = [1, 2].map((place) =>
    Float64Array.from(rows, (row) => {
      let sum = 0
      for (let i = 0; i < d; i++)
        sum +=
          (d === 2 ? Number(i === place - 1) : eigenvectors[i * d + d - place]) * (x[row * d + i] - mean[i])
      return sum
    }),
  )
  const edge = 1.05 * [...u, ...v].reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return [
    figures.errorMaps({
      title: `Where in noise space the network is wrong${d > 2 ? ', along the two widest directions of the data' : ''}`,
      extent: { x: [-edge, edge], y: [-edge, edge] },
      axes: d === 2 ? ['x₁ − E x₁', 'x₂ − E x₂'] : ['v₁ · (x − E x)', 'v₂ · (x − E x)'],
      methods: [{ label: 'the network', errors: rows.map((row) => Math.sqrt(squares[row])), x: u, y: v }],
    }),
  ]
}
