import type { Figure } from '../src/figures/index.ts'
import type { Progress } from '../src/progress.ts'
import type { Report } from '../src/report/index.ts'

/** What every experiment is run with. */
export interface ExperimentRun<Settings> {
  readonly seed: number
  readonly threads: number
  readonly settings: Settings
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

/** What an experiment gives. */
export interface Outcome {
  /** What results.json holds: plain numbers, fixed by the seed but for the `seconds` that were measured. */
  readonly results: unknown
  readonly figures: readonly Figure[]
  readonly report: Report
  /** How many sections of the report are said on standard output, from the first on; default 1. */
  readonly found?: number
}
