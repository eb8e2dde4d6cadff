import { cdFixedPoint, ctFixedPoint } from '../../solvers/fixed-points/index.ts'
import { lineSpline } from '../../solvers/fixed-points/line-spline.ts'
import { trainingTimes } from '../../solvers/fixed-points/times.ts'
import type { Method, VeMap } from '../../src/consistency-function.ts'
import { mixture } from '../../src/problem/densities/mixture.ts'
import { processTime, veTime } from '../../src/problem/process.ts'
import { processOf } from '../state/process.ts'
import type { MethodName, State } from '../state/state.ts'
import { type Coordinates, coordinatesOf, type Frame, HEIGHT } from './coordinates.ts'
import { type Data, dataOf } from './data.ts'

/** f̂ over the plane and how wrong it is; times and places are those of the process. */
export interface Result {
  /** t of the columns of `plane`, from 0 to T, even on the axis of times. */
  readonly times: Float64Array
  /** f̂(t, x), column by column, `rows` values each for y from −HEIGHT to HEIGHT. */
  readonly plane: Float32Array
  readonly rows: number
  /** For each separatrix of the data the y at every time where f̂ first rises past it, NaN where it does not. */
  readonly boundaries: readonly Float64Array[]
  /** |f̂ − f| at T for `y` from −HEIGHT to HEIGHT. */
  readonly errors: Float64Array
  /** √E|f̂ − f|² at T, and Σ √E|change of f̂ along the flow|², both over c: the second bounds the first. */
  readonly relativeError: number
  readonly certificate: number
  /** Times of the certificate, and of every interval its share for each unit of the axis of times. */
  readonly steps: Float64Array
  readonly residual: Float64Array
  /** The probability between the separatrices of the data, in truth and under f̂(T, X_T). */
  readonly masses: { readonly truth: readonly number[]; readonly estimate: readonly number[] }
  /** The law of f̂(T, X_T) as a histogram over `range`. */
  readonly histogram: Float64Array
  readonly range: readonly [number, number]
  /** f̂ at the launched points. */
  readonly landings: readonly number[]
}

const ROWS = 161
const ERROR_POINTS = 481
// carried exactly, and in all: the others by splines of the forward map, which has no layers
const CARRIED = 321
const TRAJECTORIES = 1281
// the map of the norm jumps: few trajectories would make steps of its certificate
const TRAJECTORIES_OF_JUMPS = 2561
// places tried within the cell of the plane in which f̂ passes a boundary
const PLACES = 17
const BINS = 90
const COLUMNS = { least: 32, most: 64 }

/**
 * Everything the page needs of a state that takes longer than a moment.
 *
 * @param frame the mean and scale whose coordinates the picture has, those of the data by default
 */
export function measure(state: State, frame?: Frame): Result {
  const process = processOf(state.process)
  const data = dataOf(state.modes, process)
  const lastTime = veTime(process, state.time)
  const ve = mapOf(state, data, lastTime)
  const map: VeMap = {
    functionEvaluations: 0,
    evaluate: (t, x) =>
      ve.evaluate(
        veTime(process, t),
        x.map((value) => value / process.alpha(t)),
      ),
  }
  const coordinates = coordinatesOf(frame ?? data, process, state.time)
  const times = grid(columnsOf(state.intervals) + 1, 0, coordinates.lastPlace).map(coordinates.time)
  // between training times a step is a shorter one: the certificate looks at those of the training
  const count = Math.min(state.intervals, COLUMNS.most)
  const veSteps = Float64Array.from(trainingTimes(data.scale, lastTime, count).times)
  const steps = veSteps.map((t, k) => (k === count ? state.time : processTime(process, t, state.time)))
  const plane = new Float32Array(times.length * ROWS)
  times.forEach((t, k) => {
    const x = grid(ROWS, -HEIGHT, HEIGHT).map((y) => coordinates.toX(t, y))
    plane.set(t === 0 ? x : map.evaluate(t, x), k * ROWS)
  })
  const last = grid(ERROR_POINTS, -HEIGHT, HEIGHT).map((y) => coordinates.toX(state.time, y))
  const images = map.evaluate(state.time, last)
  const errors = images.map((image, i) => Math.abs(image - data.flow(state.time, last[i])))
  const landings = state.launches.map(({ time, x }) =>
    time === 0 ? x : map.evaluate(time, Float64Array.of(x))[0],
  )
  const boundaries = data.separatrices.map((value) =>
    times.map((t, k) => boundaryAt(map, coordinates, t, plane.subarray(k * ROWS, (k + 1) * ROWS), value)),
  )
  return {
    times,
    plane,
    rows: ROWS,
    boundaries,
    errors,
    landings,
    steps,
    ...alongTrajectories(data, ve, veSteps, steps.map(coordinates.place), trajectoriesOf(state)),
  }
}

function trajectoriesOf({ method }: State): number {
  if (method === 'exact') return CARRIED
  return method === 'ct-l1' ? TRAJECTORIES_OF_JUMPS : TRAJECTORIES
}

/** In the VE process, in which all are one problem. */
function mapOf({ modes, method, intervals }: State, data: Data, lastTime: number): VeMap {
  if (method === 'exact')
    return { evaluate: (t, x) => x.map((value) => data.veFlow(t, value)), functionEvaluations: 0 }
  const { weights, means, variances } = data.marginal
  const density = mixture({
    kind: 'mixture',
    weights: Array.from(weights),
    means: Array.from(means, (mean) => [mean]),
    stds: modes.map((_, k) => Math.sqrt(variances[k])),
  })
  return methodOf(method, intervals).solveVe(density, { time: lastTime, seed: 0 }) as VeMap
}

function boundaryAt(
  map: VeMap,
  coordinates: Coordinates,
  t: number,
  column: Float32Array,
  value: number,
): number {
  const row = column.findIndex((low, i) => low < value && column[i + 1] >= value)
  if (row < 0) return Number.NaN
  const step = (2 * HEIGHT) / (ROWS - 1)
  const y = grid(PLACES, -HEIGHT + row * step, -HEIGHT + (row + 1) * step)
  const x = y.map((one) => coordinates.toX(t, one))
  const images = t === 0 ? x : map.evaluate(t, x)
  const i = Math.max(
    1,
    images.findIndex((image) => image >= value),
  )
  const share = (value - images[i - 1]) / (images[i] - images[i - 1])
  return y[i - 1] + Math.min(1, Math.max(0, share)) * (y[i] - y[i - 1])
}

/** Columns at the times of the training, or a power of two more or fewer. */
function columnsOf(intervals: number): number {
  return Math.min(COLUMNS.most, Math.max(COLUMNS.least, intervals))
}

/**
 * Errors and certificate of a map of the VE process over trajectories from an even grid in the data, weighted with p₀: points between the modes run inside the layers
 * of f at every t, and the change of f̂ along them bounds its error (docs/mathematics.md §5).
 *
 * @param places where the times are on the axis of the picture
 */
function alongTrajectories(data: Data, map: VeMap, times: Float64Array, places: Float64Array, count: number) {
  const { range, scale, separatrices } = data
  const x0 = grid(count, range[0], range[1])
  const carried = grid(CARRIED, range[0], range[1])
  const weights = x0.map((x) => (data.density(x) * (range[1] - range[0])) / (count - 1))
  const norm = (a: Float64Array, b: Float64Array) => {
    let sum = 0
    for (let i = 0; i < a.length; i++) sum += weights[i] * (a[i] - b[i]) ** 2
    return Math.sqrt(sum) / scale
  }
  const residual = new Float64Array(times.length - 1)
  let certificate = 0
  let values = x0
  for (let k = 1; k < times.length; k++) {
    const positions = carried.map((x) => data.veFlow(0, x, times[k]))
    const spline = lineSpline(range[0], range[1], positions)
    const next = map.evaluate(times[k], x0.map(spline.at))
    const change = norm(next, values)
    certificate += change
    residual[k - 1] = change / (places[k] - places[k - 1])
    values = next
  }
  const edges = [-Infinity, ...separatrices, Infinity]
  const truth = edges.slice(1).map((edge, k) => data.cdf(edge) - data.cdf(edges[k]))
  const estimate = truth.map(() => 0)
  values.forEach((value, i) => {
    estimate[edges.findIndex((edge, k) => value >= edge && value < edges[k + 1])] += weights[i]
  })
  return {
    relativeError: norm(values, x0),
    certificate,
    residual,
    masses: { truth, estimate },
    histogram: histogramOf(values, weights, range),
    range,
  }
}

/** Spreads the probability between neighbouring trajectories evenly between their images. */
function histogramOf(
  images: Float64Array,
  weights: Float64Array,
  [low, high]: readonly [number, number],
): Float64Array {
  const width = (high - low) / BINS
  const bins = new Float64Array(BINS)
  for (let i = 0; i + 1 < images.length; i++) {
    const mass = (weights[i] + weights[i + 1]) / 2
    const from = (Math.min(images[i], images[i + 1]) - low) / width
    const to = Math.max((Math.max(images[i], images[i + 1]) - low) / width, from + 1e-9)
    const first = Math.max(0, Math.floor(from))
    for (let bin = first; bin < Math.min(BINS, to); bin++)
      bins[bin] += ((mass / width) * (Math.min(to, bin + 1) - Math.max(from, bin))) / (to - from)
  }
  return bins
}

function grid(count: number, low: number, high: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1))
}

// nodes that are enough for a picture and three digits
const NODES = { ct: 1201, 'ct-l1': 401 }

/** The package's method behind a name of the page; the exact map is that of `Data`. */
function methodOf(name: Exclude<MethodName, 'exact'>, intervals: number): Method {
  switch (name) {
    case 'cd-euler':
      return cdFixedPoint({ intervals, solver: 'euler' })
    case 'cd-heun':
      return cdFixedPoint({ intervals, solver: 'heun' })
    case 'ct':
      return ctFixedPoint({ intervals, nodes: NODES.ct })
    case 'ct-l1':
      return ctFixedPoint({ intervals, metric: 'l1', nodes: NODES['ct-l1'] })
  }
}
