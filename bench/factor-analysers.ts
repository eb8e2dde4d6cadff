import { parseArgs } from 'node:util'
import { checkInteger } from '../src/errors.ts'
import { createMoments, type Eigen } from '../src/numeric/moments.ts'
import { factorAnalysers as analysersOf } from '../src/problem/densities/factor-analysers.ts'
import { eigenOf, readFactors } from '../src/problem/densities/factor-spec.ts'
import { createMixture } from '../src/problem/densities/mixture.ts'
import type { Density } from '../src/problem/density.ts'
import { Random } from '../src/random/random.ts'
import { version } from '../src/version.ts'

const [COMPONENTS, NOISE, TIME] = [10, 0.2, 1]

/** Processor time of a score by factors and by the same full covariances: ten components, a time for each point and one for all. */
export async function factorAnalysers(args: string[]): Promise<object> {
  const { values } = parseArgs({
    args,
    options: {
      dimensions: { type: 'string', default: '196,784' },
      factors: { type: 'string', default: '12' },
      n: { type: 'string', default: '64' },
    },
  })
  const n = checkInteger('--n', Number(values.n), 1)
  const q = checkInteger('--factors', Number(values.factors), 1)
  const runs = values.dimensions.split(',').map((text) => {
    const d = checkInteger('--dimensions', Number(text), 1)
    const random = new Random(0)
    const weights = new Float64Array(COMPONENTS).fill(1 / COMPONENTS)
    const means = Float64Array.from({ length: COMPONENTS * d }, () => random.normal())
    // one matrix for all: a decomposition of each takes minutes, and times do not depend on it
    const F = Array.from({ length: d }, () => Array.from({ length: q }, () => random.normal()))
    const factors = new Array<number[][]>(COMPONENTS).fill(F)
    const analysers = (noise: (number | number[])[]) =>
      readFactors({ kind: 'mixture', weights: [], means: [], factors, noise }, d, COMPONENTS)
    const isotropic = analysers(new Array<number>(COMPONENTS).fill(NOISE))
    const eigen = eigenOf(isotropic, 0)
    // they are those of one component, which no time depends on either
    const moments = createMoments(new Float64Array(d), eigen)
    const noises = new Array<number[]>(COMPONENTS).fill(new Array<number>(d).fill(NOISE))
    // noises that differ in the last digit: not those of one number
    noises[0] = noises[0].map((value, i) => (i === 0 ? value * (1 + 1e-15) : value))
    const densities = {
      factors: analysersOf(weights, means, isotropic, moments),
      noiseByCoordinate: analysersOf(weights, means, analysers(noises), moments),
      full: createMixture('mixture', weights, means, new Array<Eigen>(COMPONENTS).fill(eigen), moments),
    }
    const x = Float64Array.from({ length: n * d }, () => random.normal() * Math.hypot(q, TIME))
    const reference = new Float64Array(n * d)
    densities.full.score(TIME, x, reference)
    const largest = reference.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    const rows = Object.entries(densities).map(([name, density]) => {
      const own = new Float64Array(n * d)
      density.score(TIME, x, own)
      const difference = own.reduce((most, value, i) => Math.max(most, Math.abs(value - reference[i])), 0)
      return {
        name,
        microsecondsATime: perRow(density, TIME, x),
        microsecondsATimeEach: perRow(
          density,
          Float64Array.from({ length: n }, () => TIME * (0.5 + random.uniform())),
          x,
        ),
        difference: difference / largest,
      }
    })
    return { dimension: d, rows }
  })
  return { components: COMPONENTS, factors: q, n, runs, version }
}

/** The faster of two, in microseconds of processor time a point. */
function perRow(density: Density, t: number | Float64Array, x: Float64Array): number {
  const out = new Float64Array(x.length)
  const times = [0, 1].map(() => {
    const before = process.cpuUsage()
    density.score(t, x, out)
    const { user, system } = process.cpuUsage(before)
    return user + system
  })
  return Math.min(...times) / (x.length / density.dimension)
}
