import type { Diagnosis, ErrorByLoss } from '../../solvers/diagnosis/index.ts'
import type { Certificate } from '../../src/certificate/certificate.ts'
import type { PairError } from '../../src/certificate/pairs.ts'
import { spread } from '../../src/figures/facets.ts'
import { type Figure, figures } from '../../src/figures/index.ts'
import type { CarriedSample } from '../../src/metrics/carried-sample.ts'
import { type ErrorStatistics, errorStatistics } from '../../src/metrics/error-statistics.ts'
import { unseenBy } from '../../src/metrics/unseen.ts'
import { slicedWasserstein } from '../../src/metrics/wasserstein.ts'
import { type PointsLike, points } from '../../src/points/points.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { ownPoints, processTime, veTime } from '../../src/problem/process.ts'
import { Random } from '../../src/random/random.ts'
import type { CompareResults, Report, ReportSection } from '../../src/report/index.ts'
import { version } from '../../src/version.ts'
import { curvesOnLine, errorMapsFigure, errorSeries, mapsTitle } from '../compare/error-maps.ts'
import { certificateFigure, samplesFigure } from '../compare/figures.ts'
import { FINDINGS, findings } from '../compare/findings.ts'
import { type MapGrid, squaredErrors } from '../compare/map-grid.ts'
import { referenceSection } from '../compare/report-page.ts'
import { methodResult } from '../compare/results.ts'
import type { MapTruth, Measured } from '../compare/tasks.ts'
import { coordinateFacts, EQUATIONS, type Outcome, problemFacts } from '../experiment.ts'
import { baselineOn } from './baseline.ts'
import { diagnosisSections } from './diagnosis.ts'
import { type ErrorsByTime, errorByTimeFigure, errorByTimeSection } from './error-by-time.ts'
import { errorsByMode, modesSection } from './modes.ts'
import { pairSection } from './pairs.ts'
import { rowsOf, worstOf, worstSection } from './worst.ts'

/** A map that was measured on trajectories of a problem. */
interface MeasuredMap {
  /** What it is called in tables and figures. */
  readonly name: string
  readonly problem: Problem
  readonly time: number
  readonly seed: number
  readonly sample: CarriedSample
  /** n·d values of the map at T. */
  readonly values: Float64Array
  readonly statistics: ErrorStatistics
  readonly certificate: Certificate
  /** Whether the certificate integrates a residual, or is a sum of increments. */
  readonly by: 'residual' | 'increments'
  readonly options: Readonly<Record<string, unknown>>
  /** null where others evaluated it. */
  readonly functionEvaluations: number | null
  readonly seconds: number | null
  /** What its error consists of, where its training is known. */
  readonly cause: string | null
  /** The points of the error maps, the truth there and the map's values; null where these are not known. */
  readonly maps: { readonly grid: MapGrid<MapTruth>; readonly values: readonly Float64Array[] } | null
  /** The map of plain points of noise at T; null where it is not known. */
  readonly images: Float64Array | null
  /** What `--json` prints of it. */
  readonly record: object
  /** What its error is most like; null where that was not looked for. */
  readonly diagnosis: Diagnosis | null
  /** The network whose flow it was trained on, where that is not the flow of the data. */
  readonly teacher?: string
  /** Its error divided by what its loss converges to, or why it is not; absent where the loss is not known. */
  readonly byLoss?: ErrorByLoss | string
  /** Of a two-time map: its error from each time to each earlier one. */
  readonly pairs?: readonly PairError[]
}

/** A report and the points to write beside it. */
export interface MapReport extends Outcome {
  readonly results: object
  readonly files: Readonly<Record<string, PointsLike>>
}

/** The page of one map: how far it is from the true one, when, where and why (docs/guide/report.md). */
export async function mapReport(map: MeasuredMap): Promise<MapReport> {
  const { problem, time, seed, sample, name, record } = map
  const { density } = problem
  const ends = sample.positions[sample.positions.length - 1]
  const fresh = map.images
    ? (density.sample?.(map.images.length / problem.dimension, Random.stream(seed, 'data')) ?? null)
    : null
  const own = ownRow(map, fresh)
  const baseline = await baselineRow(map)
  const measured = [baseline, own]
  const results: CompareResults = {
    problem: problem.specification,
    time,
    seed,
    version,
    reference: {
      unseen: unseenBy(density, sample.weights.length, sample.kind),
      rtol: sample.rtol ?? null,
      trajectories: sample.weights.length,
      checkError: null,
      wasserstein2: null,
    },
    methods: measured.map((one) => {
      const row = methodResult(one, sample, baseline.statistics.relativeError, null)
      return one === own
        ? { ...row, functionEvaluations: map.functionEvaluations, seconds: map.seconds }
        : row
    }),
  }
  const shown = { results, problem, time, data: null, sample, measured, fresh, grid: map.maps?.grid ?? null }
  const byTime = errorsByTime(map)
  const { scale } = density.moments
  const timeFigure = errorByTimeFigure(
    byTime,
    byTime.times.map((t) => Math.atan2(veTime(problem.process, t), scale)),
    { label: 'θ = arctan(t/c) (rad)' },
  )
  const modes = errorsByMode(density, sample.x0, map.values, sample.weights)
  const worst = worstOf(own.squares, sample.weights)
  const worstX = ownPoints(problem.process, time, rowsOf(ends, problem.dimension, worst.rows))
  // where methods are compared the baseline has its maps; here there is one map
  const alone = { ...shown, measured: [own] }
  const errors = map.maps ? errorSeries(alone) : null
  const where = [
    ...(map.maps || problem.dimension > 1 ? curvesOnLine(alone) : [curveOfSample(map)]),
    ...(map.maps || problem.dimension > 1 ? errorMapsFigure(alone) : []),
  ]
  const samples = map.images ? samplesFigure(alone) : []
  const residual = map.by === 'residual' ? certificateFigure(alone) : []
  const pairs = map.pairs ? pairSection(problem, map.pairs) : null
  const sentences = findings(shown)
  const sections: ReportSection[] = [
    { heading: FINDINGS, paragraphs: sentences.map(({ text }) => text) },
    referenceSection(shown),
    ...(map.diagnosis ? diagnosisSections(map.diagnosis, map) : []),
    ...(pairs ? [pairs.section] : []),
    errorByTimeSection(byTime, timeFigure),
    ...(modes ? [modesSection(modes)] : []),
    ...where.map((figure) => ({
      heading: figure.name === errors?.figure ? mapsTitle : figure.title,
      figures: [figure],
    })),
    worstSection(worst, worstX),
    ...[...samples, ...residual].map((figure) => ({ heading: figure.title, figures: [figure] })),
  ]
  const report: Report = {
    title: `How far is ${name} from the true map?`,
    equation: EQUATIONS.consistency,
    results,
    ...(errors && { errors }),
    meta: {
      ...problemFacts(problem.specification),
      'Time T': String(time),
      ...coordinateFacts(scale),
      Trajectories: String(sample.weights.length),
      Seed: String(seed),
    },
    sections,
  }
  return {
    results: {
      ...record,
      report: results.methods,
      ...(modes && { modes }),
      worstRows: worst.rows,
      diagnosis: map.diagnosis,
      ...(map.byLoss !== undefined && { byLoss: map.byLoss }),
    },
    figures: [...(pairs ? [pairs.figure] : []), timeFigure, ...where, ...samples, ...residual],
    report,
    files: {
      'worst.npy': points(worstX, problem.dimension),
      'worst-weights.npy': points(worst.weights, 1),
    },
  }
}

function ownRow(map: MeasuredMap, fresh: Float64Array | null): Measured {
  const { problem, sample, values, images, maps } = map
  const { density, dimension } = problem
  const { trace } = density.moments
  return {
    ...{ method: map.name, options: map.options, target: 'map', statistics: map.statistics },
    ...{
      certificate: map.certificate,
      functionEvaluations: map.functionEvaluations ?? 0,
      seconds: map.seconds ?? 0,
    },
    ...{ diagnostics: null, cause: map.cause },
    squares: squaredErrors(sample.x0, values, dimension, trace),
    wasserstein2: images && fresh ? slicedWasserstein(images, fresh, dimension) : null,
    images: images ?? new Float64Array(0),
    mapErrors:
      maps?.grid.times.map(({ truth }, k) =>
        squaredErrors(truth, maps.values[k], dimension, trace).map(Math.sqrt),
      ) ?? null,
    curve: dimension === 1 ? (maps?.values.at(-1) ?? null) : null,
  }
}

/** The map of the Gaussian with the moments of the data, on the same trajectories. */
async function baselineRow(map: MeasuredMap): Promise<Measured> {
  const { problem, sample } = map
  const { density, dimension } = problem
  const { trace } = density.moments
  const start = performance.now()
  const { info, values } = await baselineOn(map)
  return {
    ...{ method: info.method, options: info.options, target: info.target },
    ...{ wasserstein2: null, images: new Float64Array(0), mapErrors: null, curve: null },
    ...{ certificate: null, diagnostics: null, cause: null },
    functionEvaluations: info.functionEvaluations,
    statistics: errorStatistics(sample.x0, values, sample.weights, trace, sample.labels),
    squares: squaredErrors(sample.x0, values, dimension, trace),
    seconds: (performance.now() - start) / 1000,
  }
}

// points of the curve, where there are as many
const CURVE_POINTS = 600

/** f̂(T, ·) over the true f on the line, at the trajectories themselves. */
function curveOfSample({ problem, sample, values, name }: MeasuredMap): Figure {
  const { mean, scale } = problem.density.moments
  const last = sample.positions.length - 1
  const r = Math.hypot(sample.times[last], scale)
  const x = sample.positions[last]
  const order = Array.from(x.keys()).sort((a, b) => x[a] - x[b])
  const rows = spread(order.length, CURVE_POINTS).map((i) => order[i])
  return figures.mapCurves({
    title: 'The map f(T, ·) over the true one',
    axes: ['y = (x − μ)/r', 'f(T, x)'],
    x: rows.map((row) => (x[row] - mean[0]) / r),
    truth: rows.map((row) => sample.x0[row]),
    methods: [{ label: name, values: rows.map((row) => values[row]) }],
  })
}

function errorsByTime({ problem, time, certificate }: MeasuredMap): ErrorsByTime {
  const { initialError, increments } = certificate
  const own = (at: number) => processTime(problem.process, at, time)
  return {
    times: [own(increments[0].from), ...increments.map(({ to }) => own(to))],
    errors: [initialError, ...increments.map(({ error }) => error)],
    increments: [initialError, ...increments.map(({ size }) => size)],
  }
}
