import { rm } from 'node:fs/promises'
import type { Figure } from '../../src/figures/index.ts'
import type { Unseen } from '../../src/metrics/unseen.ts'
import { checkpointPath } from '../../src/nn/model.ts'
import { formatNumber } from '../../src/report/format.ts'
import type { Report, ReportSection } from '../../src/report/index.ts'
import {
  coordinateFacts,
  EQUATIONS,
  problemFacts,
  type RunFacts,
  withRun,
  writeExperiment,
} from '../experiment.ts'
import { dataFacts } from './data-problem.ts'
import { errorSeries, mapsTitle } from './error-maps.ts'
import { comparisonFigures } from './figures.ts'
import { findingsSection } from './findings.ts'
import type { Comparison } from './index.ts'

const LOSSES =
  'The error against the truth is measured in the course of training on a small sample of trajectories, and so is the residual of the ' +
  'transport equation in twelve bins of time; neither changes the training. Losses of different methods cannot be compared. That of consistency training has a floor far above zero, Δt² E tr(∇f C ∇fᵀ) ' +
  'divided by the squared step, since its pairs share their noise and not a trajectory: a flat curve there says nothing about the error.'

/** The page of a comparison. */
export function reportSections(comparison: Comparison, figures: readonly Figure[]): Report {
  const { results, problem, time, data } = comparison
  const { density } = problem
  const errors = errorSeries(comparison)
  return {
    title: 'How far is each consistency function from the true one?',
    equation: EQUATIONS.consistency,
    results,
    ...(errors && { errors }),
    meta: {
      ...problemFacts(problem.specification),
      ...(data && dataFacts(data)),
      'Time T': String(time),
      ...coordinateFacts(density.moments.scale),
      Seed: String(results.seed),
    },
    sections: [
      findingsSection(comparison),
      referenceSection(comparison),
      ...figures.map(
        (figure): ReportSection => ({
          // at any time, with the slider
          heading: figure.name === errors?.figure ? mapsTitle : figure.title,
          figures: [figure],
          ...(figure.name === 'training-curve' && { paragraphs: [LOSSES] }),
        }),
      ),
    ],
  }
}

/** What errors are measured against, and how. */
export function referenceSection({
  results,
  sample,
  problem,
}: Pick<Comparison, 'results' | 'sample' | 'problem'>): ReportSection {
  const { checkError, rtol, unseen, wasserstein2 } = results.reference as {
    unseen: Unseen
    checkError: number | null
    rtol: number
    wasserstein2: number | null
  }
  const drawn =
    sample.kind === 'importance'
      ? `${sample.weights.length} starts X₀ are drawn from the data and, broadened, from the space between its modes, weighted by p_data/q, and carried forward to T by characteristics at a relative tolerance of ${rtol}. Since f(T, x(T)) = X₀ on every trajectory, the truth comes for free, and the thin layers between modes, which plain samples of noise hardly ever hit, are seen.`
      : `${sample.weights.length} points of noise are carried back to 0 by characteristics at a relative tolerance of ${rtol}; this data has no density to weigh samples with, so rare places are seen rarely.`
  return {
    heading: 'What the truth is',
    paragraphs: [
      `${drawn} ${unseen.sentence}`,
      ...(checkError === null
        ? []
        : [
            `Carried back again at a tolerance of ${rtol / 100}, the points return to their starts with a relative error of ${formatNumber(checkError, 2)}: an error below that means nothing.`,
          ]),
      ...(wasserstein2 === null
        ? []
        : [
            `Two independent samples of the data differ by W₂ = ${formatNumber(wasserstein2, 2)} (${problem.dimension > 1 ? 'sliced, ' : ''}sample size as in the table): a method at that distance cannot be told from the data by its samples.`,
          ]),
    ],
  }
}

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
