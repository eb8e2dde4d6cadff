import { experimentCommand } from '../experiment-command.ts'
import { givenProblem, problemOptions } from '../problem-options.ts'

/** `stochastic-flow`: the random one-step map F + G ξ, trained and in closed form, as a report. */
export const addStochasticFlow = experimentCommand({
  options: problemOptions(
    'problem file (.json) of data made of Gaussians (default three modes)',
    'largest time T (default 10)',
  ),
  prepare: givenProblem,
  settings: () => import('../../experiments/stochastic-flow/settings.ts'),
  async study(run) {
    const { stochasticFlow } = await import('../../experiments/stochastic-flow/index.ts')
    const { stochasticFlowFigures } = await import('../../experiments/stochastic-flow/figures.ts')
    const { stochasticFlowReport } = await import('../../experiments/stochastic-flow/report-page.ts')
    const results = await stochasticFlow(run)
    const figures = stochasticFlowFigures(results)
    return { results, figures, report: stochasticFlowReport(results, figures), found: 2 }
  },
})
