import { orthogonalFactor } from '../../src/nn/optimisers/orthogonal-factor.ts'
import { Random } from '../../src/random/random.ts'
import type { ProblemSpec } from '../../src/specification/problem.ts'
import { readImages } from '../digits/images.ts'
import { digitsLaws } from '../digits/laws.ts'

/** How the digits are fitted. */
interface DigitsFit {
  readonly images: number
  readonly fitSteps: number
}

/** A problem of the league. */
export interface LeagueProblem {
  /** Part of the names of files. */
  readonly name: string
  /** What it is, for a table. */
  readonly words: string
  /** T of its own process. */
  readonly time: number
  /** Whether it stands for data of which there are samples alone: losses that need a score do not take part. */
  readonly samplesOnly?: true
  make(fit: DigitsFit): ProblemSpec | Promise<ProblemSpec>
}

const VE = { kind: 've' } as const
const threeModes = {
  kind: 'mixture',
  weights: [0.3, 0.5, 0.2],
  means: [
    [-2, 0],
    [1.5, 1],
    [0.5, -2],
  ],
  covariances: [
    [
      [0.5, 0.1],
      [0.1, 0.3],
    ],
    [
      [0.4, -0.2],
      [-0.2, 0.6],
    ],
    [
      [0.3, 0],
      [0, 0.3],
    ],
  ],
} as const

/** From easy to hard in the plane, then up to 196 dimensions, and one in another convention. */
export const leagueProblems: readonly LeagueProblem[] = [
  {
    name: 'plane-easy',
    words: '2-D, three wide Gaussians about three standard deviations apart',
    time: 10,
    make: () => ({ process: VE, data: threeModes }),
  },
  {
    name: 'plane-hard',
    words: '2-D, eight narrow Gaussians at random places',
    time: 20,
    make: () => ({ process: VE, data: generalMixture(2, { components: 8, spread: 2, stds: [0.15, 0.4] }) }),
  },
  {
    name: 'ring',
    words: '2-D, eight Gaussians on a ring: the 8gaussians toy data',
    time: 20,
    make: () => ({ process: VE, data: ring() }),
  },
  {
    name: 'moons',
    words: '2-D, two moons, known by their samples alone',
    time: 10,
    samplesOnly: true,
    make: () => ({ process: VE, data: moons() }),
  },
  {
    name: 'general-16d',
    words: '16-D, five random Gaussians with full covariances',
    time: 10,
    make: () => ({ process: VE, data: generalMixture(16, general) }),
  },
  {
    name: 'general-64d',
    words: '64-D, five random Gaussians with full covariances',
    time: 10,
    make: () => ({ process: VE, data: generalMixture(64, general) }),
  },
  {
    name: 'digits-196d',
    words: '196-D, ten factor analysers of rank 12 fitted to 14 × 14 images of handwritten digits',
    time: 10,
    make: async ({ images, fitSteps }) =>
      digitsLaws.factors.make(await readImages(images, 14), { steps: fitSteps }),
  },
  {
    name: 'flow-matching',
    words: 'the data of plane-easy under flow matching, X = (1 − t) X₀ + t Z, to t = 1',
    time: 1,
    make: () => ({ process: { kind: 'flowMatching' }, data: threeModes }),
  },
]

interface MixtureShape {
  readonly components: number
  /** Standard deviation of the means. */
  readonly spread: number
  /** Of the principal axes of every component, uniform between the two. */
  readonly stds: readonly [number, number]
}

const general: MixtureShape = { components: 5, spread: 1, stds: [0.3, 1] }

/** Gaussians with random means, axes and standard deviations along them. The same dimension and shape give the same mixture. */
function generalMixture(d: number, { components, spread, stds }: MixtureShape) {
  const random = Random.stream(0, `general mixture ${d}`)
  const shares = Array.from({ length: components }, () => 1 + random.uniform())
  const total = shares.reduce((sum, share) => sum + share, 0)
  const of = (make: () => number) => Array.from({ length: d }, make)
  return {
    kind: 'mixture',
    weights: shares.map((share) => share / total),
    means: shares.map(() => of(() => rounded(spread * random.normal()))),
    covariances: shares.map(() => {
      const axes = orthogonalFactor(
        Float64Array.from({ length: d * d }, () => random.normal()),
        d,
      )
      const variances = of(() => (stds[0] + (stds[1] - stds[0]) * random.uniform()) ** 2)
      const entry = (i: number, j: number) =>
        rounded(variances.reduce((sum, variance, k) => sum + variance * axes[i * d + k] * axes[j * d + k], 0))
      // one triangle, so that rounding leaves it symmetric
      return Array.from({ length: d }, (_, i) =>
        Array.from({ length: d }, (_, j) => entry(Math.min(i, j), Math.max(i, j))),
      )
    }),
  } as const
}

/** Six digits are enough to be the same problem in a file of a third of the size. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6
}

/** Eight Gaussians of deviation 0.5/√2 on the circle of radius 4/√2: the `8gaussians` of FFJORD (arXiv:1810.01367). */
function ring() {
  const angles = Array.from({ length: 8 }, (_, k) => (k * Math.PI) / 4)
  return {
    kind: 'mixture',
    weights: angles.map(() => 1 / 8),
    means: angles.map((angle) =>
      [Math.cos(angle), Math.sin(angle)].map((x) => rounded(4 * Math.SQRT1_2 * x)),
    ),
    stds: angles.map(() => rounded(0.5 * Math.SQRT1_2)),
  } as const
}

/** The arcs of scikit-learn's make_moons, 64 points on each, with its noise of deviation 0.1 as kernel. */
function moons() {
  const angles = Array.from({ length: 64 }, (_, k) => (k * Math.PI) / 63)
  const upper = angles.map((a) => [rounded(Math.cos(a)), rounded(Math.sin(a))])
  const lower = angles.map((a) => [rounded(1 - Math.cos(a)), rounded(0.5 - Math.sin(a))])
  return { kind: 'empirical', bandwidth: 0.1, points: [...upper, ...lower] } as const
}
