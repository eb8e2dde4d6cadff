import { Matrix, SingularValueDecomposition } from 'ml-matrix'
import type { ConsistencyFunction } from '../consistency-function.ts'
import { checkNumber, InputError } from '../errors.ts'
import { drawProposal, hasProposal } from '../metrics/importance-sampling.ts'
import { checkPoints, type Points, type PointsLike, points, rowMajor } from '../points/points.ts'
import type { Problem } from '../problem/problem.ts'
import { Random } from '../random/random.ts'
import { jacobian } from './jacobian.ts'

/** A place where f(t, ·) is steep. */
export interface Layer {
  /** The steepest point, at time t, and its image f(t, x). */
  readonly x: readonly number[]
  readonly image: readonly number[]
  /** The largest singular value of ∂f/∂x there; ∞ where it overflows, in a layer that is a jump to double precision. */
  readonly slope: number
  /** The direction in which f changes fastest, a unit vector. */
  readonly direction: readonly number[]
  /** How far along that direction f stays at least half as steep in it; ∞ when that does not end. */
  readonly width: number
}

export interface LayersOptions {
  /**
   * Places in data space, shape [n, d], that are followed to time t, where the slope is looked at: the layers are where places between the
   * modes go. Default: 4001 on the line, across twelve data scales; 4096 from the proposal of docs/mathematics.md §5 elsewhere.
   */
  readonly starts?: PointsLike
  /** A layer is steeper than the map of the Gaussian of the same scale, c/√(c² + t²), by this factor. Default 2. */
  readonly factor?: number
}

const LINE = 4001
const ACROSS = 6
const SAMPLE = 4096
// in standard deviations of p_t
const REACH = 10
const BISECTIONS = 30
// layers this near to each other, in standard deviations of p_t, are one: thinner than rounding, it shows as several
const NEAREST = 1e-9

/**
 * Where the layers of f(t, ·) are and how thin: from the steepest on, all of them on the line, the steepest one in more dimensions
 * (docs/mathematics.md §2.8). However thin they are they are not missed between points, since the map from data to time t
 * has no layers.
 *
 * @param t above 0 and in f.tRange
 * @throws InputError for a map without a derivative or without a two-time map from 0 to t
 * @example layers(await solve(problem, exact(), { time: 5 }), problem, 5)[0] // { x, image, slope, width, … }
 */
export function layers(
  f: ConsistencyFunction,
  problem: Problem,
  t: number,
  options: LayersOptions = {},
): Layer[] {
  const { dimension: d } = problem
  checkNumber('t', t, 0, f.tRange[1], true)
  const factor = checkNumber('factor', options.factor ?? 2, 0, Infinity, true)
  const { flow } = f
  if (!flow) throw new InputError('f', f.info.method, 'a map with the two-time map: exact or characteristics')
  const { alpha, scale, spread } = widths(problem, t)
  const starts = options.starts ?? defaultStarts(problem)
  const row = (values: Float64Array, i: number) => Array.from(values.subarray(i * d, (i + 1) * d))
  const look = (from: PointsLike) => {
    const x0 = checkPoints(from, d, 'starts')
    const X = flow.evaluate(0, t, from)
    const J = jacobian(f, t, X).data
    return {
      x0,
      x: rowMajor(X),
      J,
      sizes: Float64Array.from({ length: x0.length / d }, (_, i) => size(J, i, d)),
    }
  }
  const coarse = look(starts)
  const found = apart(peaks(coarse.sizes, coarse.x, d), coarse, NEAREST * spread)
  const { x0, x, J } = d === 1 ? look(refined(coarse.x0, coarse.sizes, found)) : coarse
  return (d === 1 ? Array.from(found.keys()) : found.map(([i]) => i))
    .map((i) => ({ x: row(x, i), image: row(x0, i), ...steepest(J.subarray(i * d * d, (i + 1) * d * d), d) }))
    .filter(({ slope }) => slope > (factor * scale) / spread)
    .map((layer) => ({
      ...layer,
      width: width(f, t, layer, (0.01 * alpha * scale) / layer.slope, REACH * spread),
    }))
    .sort((a, b) => b.slope - a.slope)
}

/** α, the data scale, and that of p_t. */
function widths({ process, density }: Problem, t: number) {
  const [alpha, { scale }] = [process.alpha(t), density.moments]
  return { alpha, scale, spread: Math.hypot(alpha * scale, process.sigma(t)) }
}

function defaultStarts({ density, dimension }: Problem): Points {
  const { mean, scale } = density.moments
  if (dimension === 1)
    return points(
      Float64Array.from({ length: LINE }, (_, i) => mean[0] + scale * ACROSS * ((2 * i) / (LINE - 1) - 1)),
      1,
    )
  const random = Random.stream(0, 'layers')
  if (hasProposal(density)) return points(drawProposal(density, SAMPLE, random).x0, dimension)
  return points(
    Float64Array.from(
      { length: SAMPLE * dimension },
      (_, i) => mean[i % dimension] + scale * random.normal(),
    ),
    dimension,
  )
}

/** Rows whose slope is larger than their neighbours' on the line, with those; the steepest row elsewhere. */
function peaks(slopes: Float64Array, x: Float64Array, d: number): Peak[] {
  const order = Array.from(slopes.keys()).filter((i) => Number.isFinite(slopes[i]))
  if (d > 1) {
    const [first = -1] = order.sort((a, b) => slopes[b] - slopes[a])
    return first < 0 ? [] : [[first, first, first]]
  }
  order.sort((a, b) => x[a] - x[b])
  return order
    .map((i, k) => [i, order[k - 1] ?? i, order[k + 1] ?? i] as const)
    .filter(
      ([i, before, after]) => slopes[i] > slopes[before] && slopes[i] >= slopes[after] && before !== after,
    )
}

type Peak = readonly [number, number, number]

/** The steeper one of peaks that are nearer to each other than `distance`, on the line and in its order. */
function apart(
  found: readonly Peak[],
  { x, sizes }: { readonly x: Float64Array; readonly sizes: Float64Array },
  distance: number,
): Peak[] {
  const kept: Peak[] = []
  for (const peak of found) {
    const last = kept.at(-1)
    if (last && Math.abs(x[peak[0]] - x[last[0]]) <= distance) {
      if (sizes[peak[0]] > sizes[last[0]]) kept[kept.length - 1] = peak
    } else kept.push(peak)
  }
  return kept
}

/** The top of the parabola through log slope at three starts, for each peak. */
function refined(x0: Float64Array, slopes: Float64Array, found: readonly Peak[]): Points {
  return points(
    Float64Array.from(found, ([i, before, after]) => {
      const [a, b] = [before, after].map((k) => x0[k] - x0[i])
      const [fall, other] = [before, after].map((k) => Math.log(slopes[k] / slopes[i]))
      const curvature = fall / a - other / b
      const top = ((fall / a) * b - (other / b) * a) / (2 * curvature)
      return x0[i] + (top > Math.min(a, b) && top < Math.max(a, b) ? top : 0)
    }),
    1,
  )
}

/** The Frobenius norm of a matrix of a list, which no singular value exceeds. */
function size(J: Float64Array, row: number, d: number): number {
  return Math.hypot(...J.subarray(row * d * d, (row + 1) * d * d))
}

function steepest(J: Float64Array, d: number): { slope: number; direction: number[] } {
  const matrix = Matrix.from1DArray(d, d, Array.from(J))
  const svd = new SingularValueDecomposition(matrix, { autoTranspose: true })
  return { slope: svd.diagonal[0], direction: svd.rightSingularVectors.getColumn(0) }
}

/** The distance between the two places along ±direction where ∂f/∂x along it has fallen to half; ∞ beyond `reach`. */
function width(
  f: ConsistencyFunction,
  t: number,
  { x, direction, slope }: Omit<Layer, 'width'>,
  first: number,
  reach: number,
): number {
  const d = x.length
  const steep = (distance: number) => {
    const place = Float64Array.from(x, (value, i) => value + distance * direction[i])
    const J = jacobian(f, t, points(place, d)).data
    let square = 0
    for (let i = 0; i < d; i++)
      square += direction.reduce((sum, value, j) => sum + value * J[i * d + j], 0) ** 2
    return Math.sqrt(square) > slope / 2
  }
  return [-1, 1].reduce((sum, sign) => {
    let [inside, outside] = [0, first]
    while (outside < reach && steep(sign * outside)) {
      inside = outside
      outside *= 2
    }
    if (outside >= reach) return Infinity
    for (let i = 0; i < BISECTIONS; i++) {
      const middle = (inside + outside) / 2
      if (steep(sign * middle)) inside = middle
      else outside = middle
    }
    return sum + inside
  }, 0)
}
