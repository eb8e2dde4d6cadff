import { type Figure, figures, type LineSeries } from '../../src/figures/index.ts'
import type { FewStepsResults } from './index.ts'

/** Errors against K for every grid, and the times of the grids. */
export function fewStepsFigures({ splitting, noising, lipschitz }: FewStepsResults): Figure[] {
  const most = Math.max(...splitting.map(({ steps }) => steps))
  const lines = <Row extends { readonly grid: string; readonly steps: number }>(
    rows: readonly Row[],
    value: (row: Row) => number,
  ): LineSeries[] =>
    [...new Set(rows.map(({ grid }) => grid))].map((label) => {
      const own = rows.filter(({ grid }) => grid === label)
      return { label, x: own.map(({ steps }) => steps), y: own.map(value) }
    })
  const errors = (map: string) =>
    lines(
      splitting.filter((row) => row.map === map),
      ({ relativeError }) => relativeError,
    )
  const laws = lines(noising, ({ wasserstein2 }) => wasserstein2)
  const steps = { label: 'K' }
  const error = { label: 'relative error of the map', log: true }
  // the last time is 0, which a logarithmic axis has no place for
  const chosen = [...splitting.filter((row) => row.map === 'network'), ...noising]
    .filter((row) => row.steps === most)
    .filter(({ grid }, i, all) => all.findIndex((one) => one.grid === grid) === i)
    .map(({ grid, times }): LineSeries => {
      const above = times.slice(0, -1)
      return { label: grid, x: above.map((_, k) => k), y: above }
    })
  return [
    figures.linePanels({
      name: 'few-steps',
      title: 'K steps on grids of times',
      caption:
        'Left: K jumps of a trained two-time map in the plane. Middle: K Euler steps with the exact score there. Right: W₂ to the data after K evaluations in consistency sampling, on the line.',
      panels: [
        { title: 'jumps of a network', x: steps, y: error, lines: errors('network') },
        { title: 'Euler steps', x: steps, y: error, lines: errors('euler') },
        { title: 'consistency sampling', x: steps, y: { label: 'W₂', log: true }, lines: laws },
      ],
    }),
    figures.linePanels({
      name: 'few-steps-times',
      title: `The times of ${most} steps`,
      caption:
        'Left: time number k of every grid, before the last, which is 0; the greedy times are those of consistency sampling on the line. Right: the bound on the Lipschitz constant of the flow whose integral the grid lipschitz divides equally.',
      panels: [
        { title: 'grids', x: { label: 'k' }, y: { label: 't', log: true }, lines: chosen, dots: chosen },
        {
          title: 'how fast neighbours part',
          x: { label: 'τ, time of the Ornstein–Uhlenbeck process' },
          y: { label: 'bound L(τ)', log: true },
          lines: [{ label: 'bound on the Lipschitz constant', x: lipschitz.tau, y: lipschitz.bound }],
        },
      ],
    }),
  ]
}
