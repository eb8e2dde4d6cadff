import { Random } from '../../src/random/random.ts'
import { conditionalLaw } from '../fixed-points/conditional-law.ts'
import { type Components, componentsOf, hasComponents } from '../fixed-points/gaussian-components.ts'
import { ctFixedPoint } from '../fixed-points/index.ts'
import { pseudoHuber } from '../fixed-points/location.ts'
import { type Posterior, posterior } from '../fixed-points/posterior.ts'
import { type Times, trainingTimes } from '../fixed-points/times.ts'
import type { Family, MakeFamilies, Prediction } from './cause.ts'
import type { Observed } from './observed.ts'
import { atTimes } from './steps.ts'

const INTERVALS = [4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256]
const NODES = 1001
// components and coordinates of a posterior that is sampled
const MOST_WORK = 4000

/**
 * What consistency training converges to on N times, because its pairs share the noise and not a trajectory: the transport equation with a
 * viscosity (docs/mathematics.md §4.2). On the line by its fixed point on a grid; elsewhere as the mean of X_0 over chains
 * X_{t_n} | X_{t_{n+1}}, which is the same.
 */
export const viscosityFamilies: MakeFamilies = (observed) => {
  const known = componentsFor(observed)
  if (typeof known === 'string') return known
  const { problem, times } = observed
  const last = times[times.length - 1]
  const predict = async (intervals: number): Promise<Prediction> => {
    if (problem.dimension > 1) return chains(observed, known, intervals)
    const method = ctFixedPoint({ intervals, nodes: NODES })
    return atTimes(observed, await method.solveVe(problem.density, { time: last, seed: 0 }))
  }
  return [{ ...only('viscosity', ''), ladder: INTERVALS, predict }]
}

/**
 * What consistency training converges to with the norm of the difference in place of its square: the posterior median stands for the posterior
 * mean, at every N (docs/mathematics.md §4.3). On the line by its fixed point; in the plane by steps towards the geometric median, which is
 * the same where f_n is close to a multiple of an isometry over one step.
 */
export const medianFamilies: MakeFamilies = (observed) => {
  const known = componentsFor(observed)
  if (typeof known === 'string') return known
  const { problem, times } = observed
  const last = times[times.length - 1]
  if (problem.dimension > 2)
    return 'the geometric median of the posterior is computed in one and two dimensions'
  const predict = async (intervals: number): Promise<Prediction> => {
    if (problem.dimension === 2) return medianSteps(observed, known, intervals)
    const method = ctFixedPoint({ intervals, metric: 'l1' })
    return atTimes(observed, await method.solveVe(problem.density, { time: last, seed: 0 }))
  }
  return [{ ...only('median', ''), ladder: [16, 64], predict }]
}

function only(cause: 'viscosity' | 'median', variant: string): Omit<Family, 'predict' | 'ladder'> {
  return { cause, variant, whole: true, falls: cause === 'viscosity', smears: cause === 'viscosity' }
}

function componentsFor({ problem: { density, dimension } }: Observed): Components | string {
  if (!hasComponents(density)) return `the law of X₀ given X_t is not known for ${density.kind} data`
  const components = componentsOf(density)
  if (components.weights.length * dimension > MOST_WORK)
    return `the data has ${components.weights.length} components in ${dimension} dimensions: too many to sample from`
  return components
}

const REPLICAS = 24
const CHAINS = 'chains of consistency training'

/** E[X_0] over chains from every observed point, with the variance of that mean. */
function chains(observed: Observed, components: Components, intervals: number): Prediction {
  const { problem, times, positions } = observed
  const { density, dimension: d } = problem
  const steps = trainingTimes(density.moments.scale, times[times.length - 1], intervals)
  const random = Random.stream(0, CHAINS)
  const variance: Float64Array[] = []
  const normal = new Float64Array(d)
  const values = times.map((t, k) => {
    const x = positions[k]
    const [sum, squares] = [new Float64Array(x.length), new Float64Array(x.length)]
    const laws = lawsBelow(components, steps, t)
    for (let replica = 0; replica < REPLICAS; replica++) {
      const z = x.slice()
      for (const { law, share } of laws)
        for (let row = 0; row < z.length; row += d) step(law, share, z, row, d, random, normal)
      for (let i = 0; i < z.length; i++) {
        sum[i] += z[i]
        squares[i] += z[i] * z[i]
      }
    }
    variance.push(
      squares.map(
        (square, i) => Math.max(0, square - (sum[i] * sum[i]) / REPLICAS) / (REPLICAS - 1) / REPLICAS,
      ),
    )
    return sum.map((value) => value / REPLICAS)
  })
  return { values, variance }
}

/** The posteriors of the steps from t down to 0, with the share s/t of each. */
function lawsBelow(components: Components, { times, before }: Times, t: number) {
  const laws: { law: Posterior; share: number }[] = []
  let now = t
  for (let n = before(t); n >= 0; n--) {
    laws.push({ law: posterior(components, now), share: times[n] / now })
    now = times[n]
  }
  return laws
}

/** X_s = (s/t) x + (1 − s/t) X₀ in place of x, X₀ drawn from its posterior. */
function step(
  law: Posterior,
  share: number,
  z: Float64Array,
  row: number,
  d: number,
  random: Random,
  normal: Float64Array,
): void {
  law.at(z, row)
  const { responsibilities, means, roots, count } = law
  let left = random.uniform()
  let k = 0
  while (k < count - 1 && left >= responsibilities[k]) left -= responsibilities[k++]
  for (let i = 0; i < d; i++) normal[i] = random.normal()
  for (let i = 0; i < d; i++) {
    let value = means[k * d + i]
    for (let j = 0; j < d; j++) value += roots[(k * d + i) * d + j] * normal[j]
    z[row + i] = share * z[row + i] + (1 - share) * value
  }
}

// nodes of the Gauss–Hermite rule an axis, and c of the norm, relative to the data scale
const ORDER = 3
const SMALLEST = 1e-4
// where an iteration towards a median ends, relative likewise: no fit shows more
const MEDIAN_TOLERANCE = 1e-5

function medianSteps(observed: Observed, components: Components, intervals: number): Prediction {
  const { problem, times } = observed
  const { scale } = problem.density.moments
  const d = problem.dimension
  const steps = trainingTimes(scale, times[times.length - 1], intervals)
  const location = pseudoHuber(SMALLEST * scale, MEDIAN_TOLERANCE * scale)
  const value = new Float64Array(d)
  return atTimes(observed, {
    evaluate(t, x) {
      const z = x.slice()
      let now = t
      for (let n = steps.before(t); n >= 0; n--) {
        const law = conditionalLaw(components, now, steps.times[n], ORDER)
        for (let row = 0; row < z.length; row += d) {
          const count = law.at(z, row)
          location(law.atoms.subarray(0, count * d), law.weights, count, d, value)
          z.set(value, row)
        }
        now = steps.times[n]
      }
      return z
    },
  })
}
