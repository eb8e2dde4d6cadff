import { type Figure, figures } from '../../src/figures/index.ts'
import { formatNumber } from '../../src/report/format.ts'
import type { ReportSection } from '../../src/report/index.ts'

/** The error of a map along the trajectories, from the first time at which it was looked at. */
export interface ErrorsByTime {
  /** Of the map's own process. */
  readonly times: readonly number[]
  readonly errors: readonly number[]
  /** What the map changes by since the time before; the first is the error at the first time. */
  readonly increments: readonly number[]
}

/** @param places of the times on the axis, rising */
export function errorByTimeFigure(
  { errors, increments }: ErrorsByTime,
  places: readonly number[],
  axis: { readonly label: string; readonly log?: boolean },
): Figure {
  let sum = 0
  const sums = increments.map((size) => {
    sum += size
    return sum
  })
  return figures.linePanels({
    name: 'error-by-time',
    title: 'When the error arises',
    caption:
      'The error at each time along the trajectories, and the sum of what the map has changed by until then, on which the true map is constant: where the sum rises the error arises, and where it is far above the error, errors cancel.',
    panels: [
      {
        title: '',
        x: axis,
        y: { label: 'relative error', log: true },
        lines: [
          { label: 'error at that time', x: places, y: errors },
          { label: 'sum of the increments', x: places, y: sums },
        ],
      },
    ],
  })
}

const ROWS = 12

/** The same in a table, several times together where they are many. */
export function errorByTimeSection(
  { times, errors, increments }: ErrorsByTime,
  figure: Figure | null,
): ReportSection {
  const each = Math.ceil((times.length - 1) / ROWS)
  const rows: string[][] = [[formatNumber(times[0]), formatNumber(errors[0]), formatNumber(increments[0])]]
  for (let k = 1; k < times.length; k += each) {
    const last = Math.min(times.length - 1, k + each - 1)
    const sum = increments.slice(k, last + 1).reduce((all, size) => all + size, 0)
    rows.push([formatNumber(times[last]), formatNumber(errors[last]), formatNumber(sum)])
  }
  return {
    heading: 'When the error arises',
    table: {
      caption: 'Error by time',
      head: ['time', 'error then', 'increments since the time above'],
      rows,
    },
    ...(figure && { figures: [figure] }),
  }
}
