import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Figure, figurePng } from '../src/figures/index.ts'
import { writeFileAtomic } from '../src/io/atomic-write.ts'
import { writePoints } from '../src/io/points-files.ts'
import type { PointsLike } from '../src/points/points.ts'
import type { Progress } from '../src/progress.ts'
import { type Report, reportHtml } from '../src/report/index.ts'

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

/**
 * Writes results.json, report.html and figures/*.svg and *.png to a folder, each whole or not at all.
 *
 * @param more points to write beside them, by file name
 */
export async function writeExperiment(
  folder: string,
  results: unknown,
  figures: readonly Figure[],
  report: Report,
  more: Readonly<Record<string, PointsLike>> = {},
): Promise<void> {
  await mkdir(join(folder, 'figures'), { recursive: true })
  for (const figure of figures) {
    await writeFileAtomic(join(folder, 'figures', `${figure.name}.svg`), figure.svg)
    await writeFileAtomic(join(folder, 'figures', `${figure.name}.png`), await figurePng(figure))
  }
  for (const [name, X] of Object.entries(more)) await writePoints(join(folder, name), X)
  await writeFileAtomic(join(folder, 'report.html'), reportHtml(report))
  // last, so that a folder with results.json is complete
  await writeFileAtomic(join(folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`)
}
