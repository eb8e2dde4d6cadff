import type { CarriedSample } from '../../src/metrics/carried-sample.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { type CauseFit, type CauseName, causeNames, type Family, type MakeFamilies } from './cause.ts'
import { medianFamilies, viscosityFamilies } from './coupling.ts'
import { type Explained, explained, type Observed, observe, sizeOf } from './observed.ts'
import { type HalfFormat, halfFormat, roundingShare, whiteness } from './rounding.ts'
import { nextSteps, sentenceOf } from './sentences.ts'
import { stepsFamilies } from './steps.ts'
import { shiftedFamilies, timeScaleFamilies } from './time.ts'
import { collapseFamilies, identityFamilies } from './trivial.ts'

export { type ErrorByLoss, errorByLoss } from './by-loss.ts'
export { type CauseFit, type CauseName, causeNames } from './cause.ts'
export { thinned } from './observed.ts'

/** What an error is most like. */
export interface Diagnosis {
  /** null where none of the causes fits. */
  readonly cause: CauseName | null
  readonly sentence: string
  /** What to do next, also a part of the sentence; null where there is no error. */
  readonly next: string | null
  /** The best fit of each cause that was looked at, the nearest first. */
  readonly fits: readonly CauseFit[]
  readonly notExamined: readonly { readonly cause: CauseName; readonly reason: string }[]
  /** The relative error at T of the trajectories that were looked at. */
  readonly error: number
}

const families: { readonly [K in Exclude<CauseName, 'float16'>]: MakeFamilies } = {
  identity: identityFamilies,
  collapse: collapseFamilies,
  steps: stepsFamilies,
  viscosity: viscosityFamilies,
  median: medianFamilies,
  'time-scale': timeScaleFamilies,
  'shifted-twice': shiftedFamilies,
}

/** What a cause has to explain of the squared error, which few points may hold, and of the mean error, which is everywhere. */
const SQUARE = 0.8
/** Where the map that it makes smears the layers between modes: networks without a fault that were not trained for long are explained up to 0.83 by such maps. */
const SQUARE_OF_SMEARED = 0.87
const MEAN = 0.55
/** A fit that leaves up to so much more of the squared error is as good, */
const AS_GOOD = 1.25
/** and one without a number to choose, where it leaves up to so much more: f at 1000 t is all but a constant. */
const AS_GOOD_WITHOUT = 2
/** An error below this is that of the truth itself. */
const NO_ERROR = 1e-6
/** Noise of float16 in units of 2⁻¹¹ of the values. */
const LEAST_UNITS = 0.1
const MOST_UNITS = 60
/** Up to so many steps all are tried: the error of steps falls as a power of their number only where they are short. */
const COARSE = 8
/** A fit with this score is not refined where the ladder has what a count is near to. */
const HOPELESS = 0.2
/** The largest factor between two values that are tried one after the other, */
const MOST_STEP = 6
/** and how far beyond the ladder the value that is looked for may be said to lie. */
const BEYOND = 2
/** Values tried between two of the ladder, in turn. */
const ROUNDS = 4

interface AlongOptions {
  readonly problem: Problem
  /** T of the problem's own process. */
  readonly time: number
  /** Some hundred trajectories are enough: `thinned`. */
  readonly sample: CarriedSample
  /** Number of the first time of the sample at which values are known. */
  readonly first: number
  /** n·d values of the map at time number k of the sample, as of the VE problem. */
  readonly valuesAt: (k: number) => Float64Array
  /** Called between two maps: to let others work, or to stop by an error. */
  readonly pause?: () => Promise<void>
}

/**
 * The nearest of the known causes of an error: each makes a map of its own, whose values at the same points are computed and compared with those
 * that were found (docs/guide/diagnose.md). A cause is named where it explains most of the error, of the squares and of the mean alike.
 */
export async function diagnoseAlong(options: AlongOptions): Promise<Diagnosis> {
  const { problem, time, sample, first, valuesAt, pause } = options
  const observed = observe(problem, time, sample, first, valuesAt)
  const { last, all } = sizeOf(observed)
  const fits: CauseFit[] = []
  const notExamined: { cause: CauseName; reason: string }[] = []
  const rounding = ofRounding(options)
  if (rounding) fits.push(rounding)
  else notExamined.push({ cause: 'float16', reason: 'it needs values at three times or more' })
  if (all > NO_ERROR) {
    for (const cause of causeNames) {
      if (cause === 'float16') continue
      const made = families[cause](observed)
      if (typeof made === 'string') {
        notExamined.push({ cause, reason: made })
        continue
      }
      const found: CauseFit[] = []
      for (const family of made) {
        const best = await search(observed, family, pause)
        if (best) found.push(best)
      }
      if (found.length > 0) fits.push(found.reduce((a, b) => (score(b) > score(a) ? b : a)))
      else notExamined.push({ cause, reason: 'its map does not exist at these times' })
    }
  }
  fits.sort((a, b) => score(b) - score(a))
  const fitting = all > NO_ERROR ? fits.filter(fitsWell) : []
  const named = simplest(fitting)
  const alike = named && fitting.find((fit) => fit !== named && left(fit) <= AS_GOOD * left(named))
  return {
    cause: named?.cause ?? null,
    next: all > NO_ERROR ? nextSteps[named?.cause ?? 'none'] : null,
    sentence: sentenceOf({
      ...{ named: named ?? null, alike: alike ?? null, nearest: fits[0] ?? null },
      ...{ error: last, none: all <= NO_ERROR },
    }),
    fits,
    notExamined,
    error: last,
  }
}

function score({ square, mean }: Explained): number {
  return square + mean
}

function left({ square }: Explained): number {
  return 1 - square
}

/** Of fits that leave as little, up to a little, the one that had no number to choose. */
function simplest(fits: readonly CauseFit[]): CauseFit | undefined {
  const simple = fits.find((fit) => fit.parameter === null && left(fit) <= AS_GOOD_WITHOUT * left(fits[0]))
  return simple ?? fits[0]
}

function fitsWell({ square, mean, needed }: CauseFit): boolean {
  return square >= needed && mean >= MEAN
}

/** The value of a family's number with which it explains most. */
async function search(
  observed: Observed,
  family: Family,
  pause?: () => Promise<void>,
): Promise<CauseFit | null> {
  const { cause, variant, ladder, whole, falls, smears } = family
  const tried = new Map<number, CauseFit>()
  const attempt = async (parameter: number): Promise<CauseFit | null> => {
    const known = tried.get(parameter)
    if (known) return known
    await pause?.()
    const prediction = await family.predict(parameter)
    if (prediction === null) return null
    const fit = {
      ...{ cause, variant, parameter: ladder.length > 1 ? parameter : null },
      needed: smears ? SQUARE_OF_SMEARED : SQUARE,
      ...explained(observed, prediction.values, prediction.variance),
    }
    tried.set(parameter, fit)
    return fit
  }
  if (falls) await bySize(ladder, sizeOf(observed).last, attempt)
  else for (const parameter of ladder) await attempt(parameter)
  for (let round = 0; round < ROUNDS; round++) {
    const known = [...new Set([...ladder, ...tried.keys()])].sort((a, b) => a - b)
    const best = bestOf(tried)
    if (best === null) return null
    if (whole && score(tried.get(best) as CauseFit) <= HOPELESS) break
    const at = known.indexOf(best)
    for (const other of [known[at - 1], known[at + 1]]) {
      if (other === undefined) continue
      const middle = Math.sqrt(best * other)
      await attempt(whole ? Math.round(middle) : middle)
    }
  }
  return tried.get(bestOf(tried) ?? Number.NaN) ?? null
}

/**
 * Looks for the value at which the error of a prediction, which falls about as a power of it, is as large as that which was found: no other
 * can explain most of it.
 */
async function bySize(
  ladder: readonly number[],
  size: number,
  attempt: (parameter: number) => Promise<CauseFit | null>,
): Promise<void> {
  const most = ladder[ladder.length - 1]
  const coarse = ladder.filter((parameter) => parameter <= COARSE)
  let [place, error] = [0, 0]
  for (const parameter of coarse) {
    const fit = await attempt(parameter)
    if (fit === null) return
    ;[place, error] = [parameter, fit.error]
  }
  // the error of the prediction is above `size` at `low` and below it at `high`, as far as is known
  let [low, high] = [coarse.length - 1, ladder.length - 1]
  if (error <= size) return
  let rate = 1
  while (high - low > 1) {
    const aim = Math.min(most, place * (error / size) ** (1 / rate))
    const at = ladder.findIndex((value) => value >= Math.min(aim, place * MOST_STEP))
    const next = Math.min(high - 1, Math.max(low + 1, at))
    const fit = await attempt(ladder[next])
    if (fit === null) return
    if (fit.error > 0 && ladder[next] !== place)
      rate = Math.min(3, Math.max(0.2, Math.log(error / fit.error) / Math.log(ladder[next] / place)))
    ;[place, error] = [ladder[next], fit.error]
    if (fit.error > size) low = next
    else high = next
    if (fit.error > size && ladder[next] * (fit.error / size) ** (1 / rate) > BEYOND * most) return
  }
  await attempt(ladder[high])
}

function bestOf(tried: ReadonlyMap<number, CauseFit>): number | null {
  let best: number | null = null
  for (const [parameter, fit] of tried)
    if (best === null || score(fit) > score(tried.get(best) as CauseFit)) best = parameter
  return best
}

/**
 * Noise of 16 bits. Values that all have no more digits are off by their rounding, which is the same at all times of a trajectory; what a network
 * computes in 16 bits is off by more, and from one time to the next as if by chance.
 */
function ofRounding({ problem, sample, first, valuesAt }: AlongOptions): CauseFit | null {
  const { times, x0, weights } = sample
  const { scale, trace } = problem.density.moments
  const numbers = Array.from({ length: times.length - first }, (_, i) => first + i)
  const values = numbers.map(valuesAt)
  const places = numbers.map((k) => Math.atan2(times[k], scale))
  const along = { places, values, x0, weights }
  const noise = whiteness(along, trace)
  const format: HalfFormat | null = halfFormat(problem, values)
  const output = format && roundingShare(along, format)
  if (!noise && !output) return null
  const white = noise && noise.units > LEAST_UNITS && noise.units < MOST_UNITS ? noise.share : 0
  const share = Math.max(white, output?.share ?? 0)
  const size = share > white && output ? Math.sqrt(output.square / trace) : (noise?.size ?? 0)
  return {
    cause: 'float16',
    variant: format === null ? 'values of more digits' : `values in ${format}`,
    parameter: null,
    needed: SQUARE,
    square: share,
    mean: 1 - Math.sqrt(1 - share),
    error: size,
    rest: size * Math.sqrt(Math.max(0, 1 / Math.max(share, 1e-12) - 1)),
  }
}
