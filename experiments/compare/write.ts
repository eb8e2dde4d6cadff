import { rm } from 'node:fs/promises'
import { checkpointPath } from '../../solvers/neural/index.ts'
import { type RunFacts, withRun } from '../report-head.ts'
import { writeExperiment } from '../write-experiment.ts'
import { comparisonFigures } from './figures.ts'
import type { Comparison } from './index.ts'
import { reportSections } from './report-page.ts'

/** The folder of the networks of a comparison. */
export function networksFolder(folder: string): string {
  return `${folder}/networks`
}

/**
 * Writes results.json, report.html and figures/*.svg and *.png to a folder, each whole or not at all. The checkpoints of the
 * trainings have served then and are removed; the networks stay.
 */
export async function writeComparison(
  comparison: Comparison,
  folder: string,
  facts: RunFacts,
): Promise<void> {
  const figures = comparisonFigures(comparison)
  const report = withRun(reportSections(comparison, figures), facts)
  await writeExperiment(folder, comparison.results, figures, report)
  for (const { loss, runs } of comparison.networks)
    for (const { trained } of runs)
      await rm(checkpointPath(`${networksFolder(folder)}/${loss}-${trained.seed}`), { force: true })
}
