import { modelMethod, trainModel } from '../../solvers/neural/index.ts'
import { type Certificate, certificate } from '../../src/certificate/certificate.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import type { Method } from '../../src/consistency-function.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { gaussianBaseline } from '../../src/exact/exact.ts'
import { carriedSample, drawNoised } from '../../src/metrics/carried-sample.ts'
import { errorStatistics } from '../../src/metrics/error-statistics.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'
import { version } from '../../src/version.ts'
import { yieldAndCheckAbort } from '../../src/yield-and-check-abort.ts'
import type { ExperimentRun } from '../experiment.ts'
import { nearestImages, readImages } from './images.ts'
import type { DigitsSettings } from './settings.ts'

/** The largest time, some 35 data scales, and the standard deviation of the kernels, in units of white. */
export const TIME = 10
const BANDWIDTH = 0.1
/** Images drawn in the figure. */
export const SHOWN = 10

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
  /** Mean distance of a sample to the nearest training image over √(d h²), that of a draw from its kernel. */
  readonly memorisation: number
  readonly seconds: number
}

/** What `digits` writes to results.json. */
interface DigitsResults {
  readonly seed: number
  readonly version: string
  readonly time: number
  readonly bandwidth: number
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

export interface DigitsStudy {
  readonly results: DigitsResults
  readonly side: number
  readonly sets: readonly SampleSet[]
  readonly certificates: readonly { readonly method: string; readonly certificate: Certificate }[]
}

type DigitsOptions = ExperimentRun<DigitsSettings>

/**
 * Consistency functions of handwritten digits: a kernel density of the images, whose score has a closed form and whose flow runs to
 * the neighbourhood of a training image: the exact map memorises. Networks by the transport equation, by distillation and by
 * consistency training beside the map of the Gaussian, each with its error, its certificate, and its samples.
 */
export async function digits(options: DigitsOptions): Promise<DigitsStudy> {
  const { seed, threads, settings, signal, onProgress } = options
  const images = await readImages(settings.images, settings.side)
  const d = settings.side ** 2
  const points = Array.from({ length: settings.images }, (_, k) =>
    Array.from(images.pixels.subarray(k * d, (k + 1) * d)),
  )
  const problem = createProblem({
    process: { kind: 've' },
    data: { kind: 'empirical', points, bandwidth: BANDWIDTH },
  })
  const { density } = problem
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
    const mean = near.reduce((sum, { distance }) => sum + distance, 0) / near.length
    const statistics =
      method === TRUTH
        ? null
        : errorStatistics(
            sample.x0,
            f.evaluate(TIME, sample.positions[settings.intervals]),
            sample.weights,
            density.moments.trace,
            sample.labels,
          )
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
      memorisation: mean / Math.sqrt(d * BANDWIDTH ** 2),
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
        steps,
        seed: own,
        threads,
        batch: settings.batch,
        ...(signal && { signal }),
        onProgress: ({ done }) => onProgress?.({ done: before + done, total, label: loss }),
      })
      before += steps
      await measure(loss, modelMethod(trained.model, { threads }), {
        seed: own,
        steps,
        seconds: trained.seconds,
      })
    }
  const results = {
    seed,
    version,
    time: TIME,
    bandwidth: BANDWIDTH,
    images: settings.images,
    dimension: d,
    trajectories: settings.trajectories,
    effectiveSampleSize,
    rows,
  }
  return { results, side: images.side, sets, certificates }
}

/** The name of the solved flow. */
export const TRUTH = 'characteristics'
