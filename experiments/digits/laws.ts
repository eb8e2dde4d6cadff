import { fitMixture } from '../../src/fit/fit-mixture.ts'
import type { Progress } from '../../src/progress.ts'
import type { ProblemSpec } from '../../src/specification/problem.ts'
import { type Images, rowsOf } from './images.ts'

/** Standard deviations of the kernels, in units of white. */
const MEMORISING = 0.1
const WIDE = 0.3
const COMPONENTS = 10
const FACTORS = 12
/** The least noise of factor analysers, in units of white. */
const LEAST_NOISE = 0.1

/** A law of the images, with a score in closed form. */
interface DigitsLaw {
  /** What it is, for a table. */
  readonly words: string
  /** What its exact map does. */
  readonly truth: string
  make(images: Images, fit: FactorFit): Promise<ProblemSpec> | ProblemSpec
}

interface FactorFit {
  /** The most steps of EM. */
  readonly steps: number
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

export type LawName = 'memorising' | 'wide' | 'factors'

/** Laws of the same images, by name. */
export const digitsLaws: Readonly<Record<LawName, DigitsLaw>> = {
  memorising: {
    words: `kernel density of bandwidth ${MEMORISING}`,
    truth:
      'The flow of a kernel density ends near a training image: the exact map memorises, so a map that invents digits is wrong here.',
    make: (images) => kernelDensity(images, MEMORISING),
  },
  wide: {
    words: `kernel density of bandwidth ${WIDE}`,
    truth:
      'The flow of a kernel density ends near a training image, under this bandwidth with much noise on it: the exact map still chooses among all training images.',
    make: (images) => kernelDensity(images, WIDE),
  },
  factors: {
    words: `${COMPONENTS} factor analysers of rank ${FACTORS}`,
    truth:
      'A mixture of factor analysers invents images: the exact map goes to one of a few components and is smooth within each, so a network can learn it.',
    make: factorAnalysers,
  },
}

function kernelDensity(images: Images, bandwidth: number): ProblemSpec {
  return { process: { kind: 've' }, data: { kind: 'empirical', points: rowsOf(images), bandwidth } }
}

/** All images are fitted: none is held out. */
async function factorAnalysers(images: Images, fit: FactorFit): Promise<ProblemSpec> {
  const { problem } = await fitMixture(rowsOf(images), {
    ...{ components: COMPONENTS, factors: FACTORS, leastNoise: LEAST_NOISE },
    ...{ seed: 0, heldOut: 0, ...fit },
  })
  return problem
}
