import { modelMethod, trainModel } from '../../solvers/neural/index.ts'
import { type Certificate, certificate } from '../../src/certificate/certificate.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import type { Method } from '../../src/consistency-function.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { gaussianBaseline } from '../../src/exact/exact.ts'
import { carriedSample, drawNoised } from '../../src/metrics/carried-sample.ts'
import { errorStatistics, squaredDistances } from '../../src/metrics/error-statistics.ts'
import { omitUndefined } from '../../src/omit-undefined.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'
import { version } from '../../src/version.ts'
import { yieldAndCheckAbort } from '../../src/yield-and-check-abort.ts'
import type { ExperimentRun } from '../experiment.ts'
import { nearestImages, readImages } from './images.ts'
import { digitsLaws } from './laws.ts'
import type { DigitsSettings } from './settings.ts'

/** The largest time, some 35 data scales. */
export const TIME = 10
/** Images drawn in the figure. */
export const SHOWN = 10
// of the data, whose mean distance to the nearest image is the unit of that of samples
const DRAWS = 100

/** How one method did. */
export interface DigitsRow {
  readonly method: string
  readonly seed: number | null
  readonly steps: number
  /** √(E|f̂ − f|² / tr Cov) at T on carried trajectories, with one standard error; null for the truth itself. */
  readonly relativeError: number | null
  readonly standardError: number | null
  readonly medianError: number | null
  /** The estimated bound of docs/mathematics.md §5 on relativeError, with its interval; networks only. */
  readonly certificate: number | null
  readonly certificateInterval: readonly [number, number] | null
  /** Mean distance of a sample to the nearest training image over that of a draw from the data. */
  readonly memorisation: number
  readonly seconds: number
}

/** What `digits` writes to results.json. */
interface DigitsResults {
  readonly seed: number
  readonly version: string
  readonly time: number
  readonly law: string
  readonly images: number
  readonly dimension: number
  readonly trajectories: number
  readonly effectiveSampleSize: number
  readonly rows: readonly DigitsRow[]
}

/** One-step samples of a method from the same noise, and the training image nearest to each. */
interface SampleSet {
  readonly method: string
  readonly samples: Float64Array
  readonly nearest: Float64Array
}

/** What a network makes of the test trajectories on which it is most wrong, and what is right there. */
interface WorstSet {
  readonly method: string
  readonly estimates: Float64Array
  readonly truth: Float64Array
}

export interface DigitsStudy {
  readonly results: DigitsResults
  /** What the exact map does under this law. */
  readonly truth: string
  readonly side: number
  readonly sets: readonly SampleSet[]
  readonly worst: readonly WorstSet[]
  readonly certificates: readonly { readonly method: string; readonly certificate: Certificate }[]
}

type DigitsOptions = ExperimentRun<DigitsSettings>

/**
 * Consistency functions of handwritten digits under a law of the images whose score has a closed form. Networks by the transport equation, by
 * distillation, by consistency training and by regression on solved trajectories stand beside the map of the Gaussian, each with its error, its certificate,
 * its samples and the images where it is most wrong.
 */
export async function digits(options: DigitsOptions): Promise<DigitsStudy> {
  const { seed, threads, settings, signal, onProgress } = options
  const images = await readImages(settings.images, settings.side)
  const d = settings.side ** 2
  const law = digitsLaws[settings.law]
  const problem = createProblem(
    await law.make(images, { steps: settings.fitSteps, ...omitUndefined({ signal, onProgress }) }),
  )
  const { density } = problem
  const fresh = density.sample?.(DRAWS, Random.stream(seed, 'draws from the data')) ?? images.pixels
  const unit = meanDistance(nearestImages(fresh, images))
  const stepsOf = settings.networks.map(({ steps }) => steps * settings.seeds)
  const total = stepsOf.reduce((sum, steps) => sum + steps, 0)
  onProgress?.({ done: 0, total, label: 'the true map' })
  await yieldAndCheckAbort(signal)
  const sample = carriedSample(density, {
    time: TIME,
    count: settings.trajectories,
    intervals: settings.intervals,
    random: Random.stream(seed, 'the test trajectories'),
    rtol: 1e-6,
  })
  await yieldAndCheckAbort(signal)
  const noise = drawNoised(density, TIME, SHOWN, Random.stream(seed, 'the noise of the figure'))
  const sets: SampleSet[] = []
  const worst: WorstSet[] = []
  const rows: DigitsRow[] = []
  const certificates: { method: string; certificate: Certificate }[] = []
  let effectiveSampleSize = 0

  /** Samples of a method, its error where it is not the truth, and its certificate where it has a derivative. */
  async function measure(
    method: string,
    map: Method,
    made: Pick<DigitsRow, 'seed' | 'steps' | 'seconds'>,
  ): Promise<void> {
    const f = (await solve(problem, map, { time: TIME })).ve
    const samples = f.evaluate(TIME, noise)
    await yieldAndCheckAbort(signal)
    const near = nearestImages(samples, images)
    const nearest = new Float64Array(samples.length)
    for (const [k, { index }] of near.entries())
      nearest.set(images.pixels.subarray(index * d, (index + 1) * d), k * d)
    if (made.seed === null || made.seed === seed) sets.push({ method, samples, nearest })
    const { x0, weights, labels } = sample
    const { trace } = density.moments
    const estimates = method === TRUTH ? null : f.evaluate(TIME, sample.positions[settings.intervals])
    const statistics = estimates && errorStatistics(x0, estimates, weights, trace, labels)
    if (estimates && made.seed === seed) worst.push({ method, ...worstOf(estimates, x0, weights.length) })
    if (statistics) effectiveSampleSize = statistics.effectiveSampleSize
    const bound = f.jvp && made.steps > 0 ? certificate(f, density, sample) : null
    if (bound) certificates.push({ method, certificate: bound })
    rows.push({
      method,
      ...made,
      relativeError: statistics?.relativeError ?? null,
      standardError: statistics?.standardError ?? null,
      medianError: statistics?.medianError ?? null,
      certificate: bound?.estimate ?? null,
      certificateInterval: bound?.interval ?? null,
      memorisation: meanDistance(near) / unit,
    })
    await yieldAndCheckAbort(signal)
  }

  const untrained = { seed: null, steps: 0, seconds: 0 }
  await measure(TRUTH, rungeKutta({ rtol: 1e-5, atol: 1e-7 }), untrained)
  await measure('gaussian', gaussianBaseline(), untrained)
  let before = 0
  for (const { loss, steps } of settings.networks)
    for (let own = seed; own < seed + settings.seeds; own++) {
      const trained = await trainModel(problem, {
        loss,
        time: TIME,
        ...(settings.seconds === undefined ? { steps } : { seconds: settings.seconds }),
        seed: own,
        threads,
        batch: settings.batch,
        signal,
        // in units of the steps that it has without seconds
        onProgress: (at) => onProgress?.({ done: before + (steps * at.done) / at.total, total, label: loss }),
      })
      before += steps
      await measure(loss, modelMethod(trained.model, { threads }), {
        seed: own,
        steps: trained.steps,
        seconds: trained.seconds,
      })
    }
  const results = {
    seed,
    version,
    time: TIME,
    law: law.words,
    images: settings.images,
    dimension: d,
    trajectories: settings.trajectories,
    effectiveSampleSize,
    rows,
  }
  return { results, truth: law.truth, side: images.side, sets, worst, certificates }
}

/** The name of the solved flow. */
export const TRUTH = 'characteristics'

function meanDistance(near: readonly { readonly distance: number }[]): number {
  return near.reduce((sum, { distance }) => sum + distance, 0) / near.length
}

/** The rows with the largest errors, the worst first. */
function worstOf(
  estimates: Float64Array,
  truth: Float64Array,
  count: number,
): Pick<WorstSet, 'estimates' | 'truth'> {
  const d = truth.length / count
  const squares = squaredDistances(estimates, truth, count, 1)
  const order = Array.from(squares.keys()).sort((a, b) => squares[b] - squares[a])
  const picked = (values: Float64Array) =>
    Float64Array.from(
      order.slice(0, SHOWN).flatMap((row) => Array.from(values.subarray(row * d, (row + 1) * d))),
    )
  return { estimates: picked(estimates), truth: picked(truth) }
}
