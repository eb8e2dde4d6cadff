import type { SeedResult } from '../../src/report/results.ts'
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
