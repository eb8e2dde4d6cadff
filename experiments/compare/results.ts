import type { CarriedSample } from '../../src/metrics/carried-sample.ts'
import type { MethodResult, SeedResult } from '../../src/report/results.ts'
import type { Measured, Trained } from './tasks.ts'

/** A network trained with one seed, and how it did. */
export interface SeedRun {
  readonly trained: Trained
  readonly measured: Measured
}

/**
 * The run that stands for all seeds of a loss: that with the median error, of an even number the worse of the middle two.
 * Not a mean, so that every number and figure of a row belongs to one network.
 */
export function medianRun(runs: readonly SeedRun[]): SeedRun {
  const sorted = [...runs].sort(
    (a, b) => a.measured.statistics.relativeError - b.measured.statistics.relativeError,
  )
  return sorted[Math.floor(sorted.length / 2)]
}

/** What results.json says of one seed. */
export function seedResult({ trained, measured }: SeedRun): SeedResult {
  const { statistics, certificate } = measured
  return {
    seed: trained.seed,
    relativeError: statistics.relativeError,
    standardError: statistics.standardError,
    medianError: statistics.medianError,
    maximumError: statistics.maximumError,
    wasserstein2: measured.wasserstein2,
    certificate: certificate?.estimate ?? null,
    certificateInterval: certificate?.interval ?? null,
    certificateReason: certificate?.reason ?? null,
    incrementBound: certificate?.incrementBound ?? null,
    seconds: measured.seconds,
  }
}

/** Points with p_data/q below this were drawn between the modes of the data or beyond them, or in rare ones. */
const THIN = 0.5

/**
 * A row of results.json.
 *
 * @param runs all seeds of a trained method, one of them `measured`
 */
export function methodResult(
  measured: Measured,
  sample: CarriedSample,
  baseline: number,
  runs: readonly SeedRun[] | null,
): MethodResult {
  const { statistics, method, target } = measured
  const isMap = target === 'map'
  return {
    method,
    options: measured.options,
    relativeError: isMap ? statistics.relativeError : null,
    standardError: isMap ? statistics.standardError : null,
    trimmedError: isMap ? statistics.trimmedError : null,
    medianError: isMap ? statistics.medianError : null,
    error99: isMap ? statistics.error99 : null,
    maximumError: isMap ? statistics.maximumError : null,
    effectiveSampleSize: statistics.effectiveSampleSize,
    worstShare: isMap ? statistics.worstShare : null,
    betweenModes:
      isMap && sample.kind === 'importance' ? betweenModes(measured.squares, sample.weights) : null,
    wasserstein2: measured.wasserstein2,
    functionEvaluations: measured.functionEvaluations,
    seconds: measured.seconds,
    certificate: measured.certificate?.estimate ?? null,
    certificateInterval: measured.certificate?.interval ?? null,
    certificateReason: measured.certificate?.reason ?? null,
    incrementBound: measured.certificate?.incrementBound ?? null,
    diagnostics: measured.diagnostics,
    beatsBaseline: method === 'gaussian' || !isMap ? null : statistics.relativeError < baseline,
    target,
    seeds: runs?.map(seedResult) ?? null,
    seed: runs?.find((run) => run.measured === measured)?.trained.seed ?? null,
  }
}

/** The probability of thin places, and the share of the squared error that lies there. */
function betweenModes(
  squares: Float64Array,
  weights: Float64Array,
): { probability: number; errorShare: number } {
  let [mass, thinMass, error, thinError] = [0, 0, 0, 0]
  weights.forEach((weight, i) => {
    const part = weight * squares[i]
    mass += weight
    error += part
    if (weight < THIN) {
      thinMass += weight
      thinError += part
    }
  })
  return { probability: thinMass / mass, errorShare: error === 0 ? 0 : thinError / error }
}
