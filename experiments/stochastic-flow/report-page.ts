import type { Figure } from '../../src/figures/index.ts'
import { formatNumber } from '../../src/report/format.ts'
import type { Report, ReportSection } from '../../src/report/index.ts'
import { EQUATIONS, problemFacts } from '../report-head.ts'
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
      { heading: 'What was found', paragraphs: findings(results) },
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
            formatNumber(row.evaluations),
            formatNumber(row.wasserstein2),
          ]),
        },
      },
    ],
  }
}

function findings({ trained, sampling, floor, map }: StochasticFlowResults): string[] {
  const last = sampling.at(-1)?.steps ?? 1
  const at = (sampler: string, steps: number) =>
    formatNumber(sampling.find((row) => row.sampler === sampler && row.steps === steps)?.wasserstein2 ?? null)
  const middle = sampling.some(({ steps }) => steps === 8) ? 8 : last
  const fits = trained.map(
    ({ shape, worstMeanError, worstCovarianceError }) =>
      `with a ${shape} G, F is within ${percent(worstMeanError)} and ${shape === 'cholesky' ? 'G Gᵀ' : 'its diagonal'} within ${percent(worstCovarianceError)} at every time`,
  )
  return [
    `A network that gives a mean F and a factor G for X₀ given X_t, and is trained on pairs (X₀, X_t) alone by how likely they are, learns the two things that the closed form names: the denoiser D(t, x) and the conditional covariance t²(I + t²∇² log p). ${capital(fits.join('; '))} (relative RMS).`,
    `One Gaussian cannot be a law with several modes: one step has W₂ ${at('closed-form F, G', 1)} to the data, though it has its mean and covariance right. Several steps, each with the exact bridge to an earlier time, can: with ${middle} evaluations ${at('closed-form F, G', middle)} (trained: ${at('trained, cholesky G', middle)}; without G: ${at('G = 0 (ancestral)', middle)}), where the reverse SDE has ${at('reverse SDE', middle)} and Euler steps of the ODE ${at('ODE, Euler', middle)}; with ${last}, ${at('closed-form F, G', last)}. Two samples of the data are ${formatNumber(floor.mean)} apart, and the true map, deterministic and in one evaluation, has ${formatNumber(map)}.`,
  ]
}

function percent(value: number): string {
  return `${formatNumber(100 * value, 2)} %`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
