import type { Figure } from '../../src/figures/index.ts'
import { formatCount, formatNumber, formatPercent } from '../../src/report/format.ts'
import type { Report, ReportSection } from '../../src/report/index.ts'
import { EQUATIONS, problemFacts } from '../experiment.ts'
import type { StochasticFlowResults } from './index.ts'

/** The page of the experiment. */
export function stochasticFlowReport(results: StochasticFlowResults, figures: readonly Figure[]): Report {
  const { trained, sampling, samples, time, seed } = results
  return {
    title: 'Can a consistency function be random? f = F + G ξ',
    equation: EQUATIONS.stochastic,
    data: results,
    meta: {
      ...problemFacts(results.problem),
      'Time T': String(time),
      'Points of a sample': String(samples),
      Seed: String(seed),
    },
    sections: [
      fitSection(results),
      stepsSection(results),
      ...figures.map((figure): ReportSection => ({ heading: figure.title, figures: [figure] })),
      {
        heading: 'Trained flows by time',
        table: {
          caption: 'Relative RMS errors over points of p_t',
          head: ['G', 't', 'error of F', 'error of G Gᵀ'],
          rows: trained.flatMap(({ shape, byTime }) =>
            byTime.map((row) => [
              shape,
              ...[row.time, row.meanError, row.covarianceError].map((v) => formatNumber(v)),
            ]),
          ),
        },
      },
      {
        heading: 'All samplers',
        table: {
          caption: `Sliced W₂ of ${samples} points to the data`,
          head: ['sampler', 'steps', 'evaluations', 'W₂'],
          rows: sampling.map((row) => [
            row.sampler,
            String(row.steps),
            formatCount(row.evaluations),
            formatNumber(row.wasserstein2),
          ]),
        },
      },
    ],
  }
}

/** How near the trained F and G are to the closed form. */
function fitSection({ trained }: StochasticFlowResults): ReportSection {
  return {
    heading: 'What was found: training',
    paragraphs: [
      'A network with a mean F and a factor G is trained on pairs (X₀, X_t) by how likely they are. The closed form says what it is to learn: F the denoiser D(t, x), and G Gᵀ the conditional covariance t²(I + t²∇² log p), or its diagonal.',
    ],
    table: {
      caption: 'Largest relative RMS error over the times',
      head: ['G', 'of F', 'of G Gᵀ, or of its diagonal'],
      rows: trained.map(({ shape, worstMeanError, worstCovarianceError }) => [
        shape,
        formatPercent(worstMeanError),
        formatPercent(worstCovarianceError),
      ]),
    },
  }
}

/** What several steps gain. */
function stepsSection({ sampling, floor, map }: StochasticFlowResults): ReportSection {
  const names = [...new Set(sampling.map(({ sampler }) => sampler))]
  const all = [...new Set(sampling.map(({ steps }) => steps))]
  const shown = all.filter((steps, i) => i === 0 || steps === 8 || i === all.length - 1)
  return {
    heading: 'What was found: steps',
    paragraphs: [
      `One Gaussian cannot be a law of several modes, but several steps, each with the exact bridge to an earlier time, can. Two samples of the data are W₂ = ${formatNumber(floor.mean)} apart, and the true map, deterministic and in one evaluation, has ${formatNumber(map)}.`,
    ],
    table: {
      caption: 'Sliced W₂ to the data',
      head: ['sampler', ...shown.map((steps) => (steps === 1 ? '1 step' : `${steps} steps`))],
      rows: names.map((name) => [
        name,
        ...shown.map((steps) =>
          formatNumber(
            sampling.find((row) => row.sampler === name && row.steps === steps)?.wasserstein2 ?? null,
          ),
        ),
      ]),
    },
  }
}
