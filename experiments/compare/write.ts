import { writeExperiment } from '../write-experiment.ts'
import { comparisonFigures } from './figures.ts'
import type { Comparison } from './index.ts'
import { reportSections } from './report-page.ts'

/** Writes results.json, report.html and figures/*.svg and *.png to a folder, each whole or not at all. */
export async function writeComparison(comparison: Comparison, folder: string): Promise<void> {
  const figures = comparisonFigures(comparison)
  await writeExperiment(folder, comparison.results, figures, reportSections(comparison, figures))
}
