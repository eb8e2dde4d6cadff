import { increasingRoot } from '../../src/numeric/root.ts'

/** How far a metric moves the target of one regression, in a dimension. */
export interface MetricBias {
  readonly metric: string
  readonly dimension: number
  /** The distance of what the metric regresses on from the conditional mean, over that of the modes. */
  readonly bias: number
}

/** The mass of the minor mode of the posterior, and of the data that networks are trained on. */
export const MINOR_MASS = 0.3

// the posterior of docs/mathematics.md §4.3: two Gaussians on an axis, 0.7 and 0.3, a distance of 2 apart
const WEIGHTS = [1 - MINOR_MASS, MINOR_MASS]
const CENTRES = [0, 2]
const DEVIATION = 0.25
const REACH = 8
const ALONG = 961
// on the line the norm has a jump at every node
const ALONG_LINE = 60_001
const ACROSS = 121
const MOST_PASSES = 2000

/** The weight of a residual of size r in the mean that its metric regresses on, M'(r²) up to a factor. */
const metrics: readonly { name: string; convex: boolean; weight: (square: number, d: number) => number }[] = [
  { name: 'l1', convex: true, weight: (square) => 1 / Math.sqrt(square) },
  // iCT's constant (arXiv:2310.14189)
  { name: 'pseudo-huber', convex: true, weight: (square, d) => 1 / Math.sqrt(square + 0.00054 ** 2 * d) },
  // MeanFlow's weight (arXiv:2505.13447), for its powers
  ...[0.5, 0.75, 1].map((p) => ({
    name: `adaptive, p = ${p}`,
    convex: false,
    weight: (square: number) => (square + 1e-3) ** -p,
  })),
]

/**
 * The bias of every metric but the squared one in each dimension, for a 0.7/0.3 posterior of two modes with standard
 * deviation 0.25, by quadrature along the axis of the modes and across it (docs/mathematics.md §4.3).
 */
export function metricBias(dimensions: readonly number[]): MetricBias[] {
  return dimensions.flatMap((dimension) => {
    const across = radii(dimension)
    return metrics.map(({ name: metric, convex, weight }) => {
      const moments = momentsOf(across, (square) => weight(square, dimension))
      const target = convex ? root(moments) : reweighted(moments)
      return { metric, dimension, bias: Math.abs(target - MEAN) / (CENTRES[1] - CENTRES[0]) }
    })
  })
}

const MEAN = WEIGHTS[0] * CENTRES[0] + WEIGHTS[1] * CENTRES[1]

interface Rule {
  readonly nodes: Float64Array
  readonly weights: Float64Array
}

/** E[w] and E[w x], with w of the distance to a point of the axis. */
type Moments = (point: number) => { readonly weight: number; readonly first: number }

function momentsOf(across: Rule, weightOf: (square: number) => number): Moments {
  const { nodes, weights } = along(across.nodes.length === 1 ? ALONG_LINE : ALONG)
  return (point) => {
    let [weight, first] = [0, 0]
    for (let i = 0; i < nodes.length; i++) {
      const offset = (nodes[i] - point) ** 2
      let sum = 0
      for (let j = 0; j < across.nodes.length; j++)
        sum += across.weights[j] * weightOf(offset + across.nodes[j] ** 2)
      weight += weights[i] * sum
      first += weights[i] * sum * nodes[i]
    }
    return { weight, first }
  }
}

function root(moments: Moments): number {
  const slope = (point: number) => {
    const { weight, first } = moments(point)
    return point * weight - first
  }
  return increasingRoot(slope, MEAN, 0.1, 1e-6)
}

/** The mean under its own weights, by iteration from the mean: what a regression with weights held fixed goes to. */
function reweighted(moments: Moments): number {
  let point = MEAN
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const { weight, first } = moments(point)
    const next = first / weight
    if (Math.abs(next - point) < 1e-6) return next
    point = next
  }
  return point
}

/** Midpoints, so that no node is a root of the distance. */
function along(count: number): Rule {
  const low = CENTRES[0] - REACH * DEVIATION
  const width = (CENTRES[1] - CENTRES[0] + 2 * REACH * DEVIATION) / count
  const nodes = Float64Array.from({ length: count }, (_, i) => low + (i + 0.5) * width)
  const weights = nodes.map((x) =>
    CENTRES.reduce((sum, c, k) => sum + WEIGHTS[k] * Math.exp(-0.5 * ((x - c) / DEVIATION) ** 2), 0),
  )
  return { nodes, weights }
}

/** Distances from the axis: σ times a χ variable of d − 1 degrees of freedom. */
function radii(dimension: number): Rule {
  if (dimension === 1) return { nodes: new Float64Array(1), weights: new Float64Array([1]) }
  const middle = Math.sqrt(Math.max(0, dimension - 2))
  const low = Math.max(0, middle - REACH)
  const width = (middle + REACH - low) / ACROSS
  const chi = Float64Array.from({ length: ACROSS }, (_, i) => low + (i + 0.5) * width)
  const log = chi.map((value) => (dimension - 2) * Math.log(value) - 0.5 * value * value)
  const largest = Math.max(...log)
  return {
    nodes: chi.map((value) => DEVIATION * value),
    weights: log.map((value) => Math.exp(value - largest)),
  }
}
