import { type Figure, figures } from '../../src/figures/index.ts'
import type { SamplingResults } from './index.ts'

/** Samplers against evaluations, and consistency sampling against rounds. */
export function samplingFigures({ rows, floor, consistency }: SamplingResults): Figure[] {
  const names = [...new Set(rows.map((row) => row.sampler))]
  const series = (value: (row: SamplingResults['rows'][number]) => number | null) =>
    names.map((label) => {
      const own = rows.filter((row) => row.sampler === label && value(row) !== null)
      return { label, x: own.map(({ evaluations }) => evaluations), y: own.map((row) => value(row) ?? 0) }
    })
  const evaluations = rows.map((row) => row.evaluations)
  const ends = [Math.min(...evaluations), Math.max(...evaluations)]
  const [maps, laws] = [series(({ mapError }) => mapError), series(({ wasserstein2 }) => wasserstein2)]
  const functions = [...new Set(consistency.rows.map(({ f }) => f))]
  const rounds = functions.map((label) => {
    const own = consistency.rows.filter(({ f }) => f === label)
    return { label, x: own.map((row) => row.rounds), y: own.map((row) => row.wasserstein2) }
  })
  const byTime = functions.map((label) => {
    const own = consistency.byTime.filter((row) => row.f === label && row.relativeError > 1e-9)
    return { label, x: own.map(({ time }) => time), y: own.map(({ relativeError }) => relativeError) }
  })
  const x = rounds[0]?.x ?? []
  return [
    figures.linePanels({
      name: 'samplers',
      title: 'Samplers: error of the map and of the law',
      caption:
        'Three modes in the plane, T = 10, the times of Karras et al. Left: relative RMS error of the map at T. Right: sliced W₂ of samples to the data; the floor is W₂ of two samples of the data.',
      panels: [
        {
          title: 'map',
          x: { label: 'evaluations for one point', log: true },
          y: { label: 'relative RMS error', log: true },
          lines: maps,
          dots: maps,
        },
        {
          title: 'law',
          x: { label: 'evaluations for one point', log: true },
          y: { label: 'W₂ (in the units of the data)', log: true },
          lines: [...laws, { label: 'two samples of the data', x: ends, y: [floor, floor] }],
          dots: laws,
        },
      ],
    }),
    figures.linePanels({
      name: 'consistency-sampling',
      title: 'Consistency sampling: noise again, and f again',
      caption:
        'Two modes on the line, T = 10. Left: W₂ to the data after K evaluations of f (the floor: independent samples of the data of this size). Right: the error of f itself at time t, which is what the last round adds.',
      panels: [
        {
          title: 'law after K rounds',
          x: { label: 'K, evaluations of f', log: true },
          y: { label: 'W₂ (in the units of the data)', log: true },
          lines: [
            ...rounds,
            {
              label: 'two samples of the data',
              x: [x[0], x[x.length - 1]],
              y: [consistency.floor, consistency.floor],
            },
          ],
          dots: rounds,
        },
        {
          title: 'error of f at t',
          x: { label: 't', log: true },
          y: { label: 'relative RMS error', log: true },
          lines: byTime,
          dots: byTime,
        },
      ],
    }),
  ]
}
