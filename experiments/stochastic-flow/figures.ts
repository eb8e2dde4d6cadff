import { type Figure, figures } from '../../src/figures/index.ts'
import type { StochasticFlowResults } from './index.ts'

/** Fit by time, and W₂ by evaluations. */
export function stochasticFlowFigures({ trained, sampling, floor, scale }: StochasticFlowResults): Figure[] {
  const fit = trained.flatMap(({ shape, byTime }) => {
    const x = byTime.map(({ time }) => time / scale)
    return [
      { label: `F, ${shape} G`, x, y: byTime.map(({ meanError }) => meanError) },
      {
        label: shape === 'cholesky' ? 'G Gᵀ, cholesky' : 'diagonal of G Gᵀ',
        x,
        y: byTime.map(({ covarianceError }) => covarianceError),
      },
    ]
  })
  const samplers = [...new Set(sampling.map((row) => row.sampler))].map((label) => {
    const rows = sampling.filter((row) => row.sampler === label)
    return {
      label,
      x: rows.map(({ evaluations }) => evaluations),
      y: rows.map(({ wasserstein2 }) => wasserstein2),
    }
  })
  const evaluations = samplers.flatMap(({ x }) => x)
  const ends = [Math.min(...evaluations), Math.max(...evaluations)]
  return [
    figures.linePanels({
      name: 'stochastic-flow-fit',
      title: 'Trained F and G Gᵀ against the closed form',
      caption:
        'Relative RMS error over points of p_t: of F against D(t, x), and of G Gᵀ against Cov(X₀|X_t = x) (with a diagonal G: its diagonal), by time in units of the data scale c.',
      panels: [
        {
          title: 'error by time',
          x: { label: 't / c', log: true },
          y: { label: 'relative RMS error', log: true },
          lines: fit,
          dots: fit,
        },
      ],
    }),
    figures.linePanels({
      name: 'stochastic-flow-steps',
      title: 'W₂ to the data against evaluations',
      caption:
        'Sliced W₂ between samples and data by evaluations for one point. The floor is W₂ between two samples of the data of the same size: below it nothing can be told apart.',
      panels: [
        {
          title: 'law of the samples',
          x: { label: 'evaluations for one point', log: true },
          y: { label: 'W₂ (in the units of the data)', log: true },
          lines: [...samplers, { label: 'two samples of the data', x: ends, y: [floor.mean, floor.mean] }],
          dots: samplers,
        },
      ],
    }),
  ]
}
