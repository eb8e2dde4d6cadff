import * as Plot from '@observablehq/plot'
import { missingColour, ramp, rampIndex, rampLegend } from './colour-ramp.ts'
import { type Facet, type FacetAxis, facetGrid, frameWidth } from './facets.ts'
import { type Block, stack } from './figure.ts'
import { ofSeries } from './legend.ts'
import { figureWidth } from './style.ts'
import { linearTicks, powerOfTen } from './ticks.ts'

/** A residual by time, in the course of training. */
export interface ResidualHistory {
  readonly label: string
  /** Its number among the series of the figure */
  readonly series?: number
  /** Steps of the measurements, rising. */
  readonly step: ArrayLike<number>
  /** Middles of equal bins of time. */
  readonly time: ArrayLike<number>
  /** One row a step, one value a bin. */
  readonly residual: readonly ArrayLike<number>[]
}

interface Cell {
  readonly from: number
  readonly to: number
  readonly low: number
  readonly high: number
  readonly value: number
}

const MOST_DECADES = 6
const HEIGHT = 130

/** Residual by time against training step as colour, one strip a network, one logarithmic scale for all. */
export function residualStrips(
  networks: readonly ResidualHistory[],
  x: FacetAxis,
  labels: { readonly time: string; readonly residual: string },
): Block {
  const strips = networks.map((network) => ({ ...network, cells: cellsOf(network) }))
  const all = strips.flatMap(({ cells }) => cells)
  const logs = all
    .map(({ value }) => value)
    .filter((value) => value > 0 && value < Infinity)
    .map(Math.log10)
  const high = Math.ceil(Math.max(...logs, -300))
  const low = Math.max(high - MOST_DECADES, Math.min(high - 1, Math.floor(Math.min(...logs))))
  const colour = (value: number) =>
    value >= 0 && value < Infinity ? ramp[rampIndex(Math.log10(value), low, high)] : missingColour
  const facets = strips.map(
    ({ label, series, cells }): Facet => ({
      title: label,
      series,
      marks: [
        Plot.rect(cells, {
          x1: 'from',
          x2: 'to',
          y1: 'low',
          y2: 'high',
          fill: (cell: Cell) => colour(cell.value) as string,
          title: (cell: Cell) =>
            `${label}, steps ${cell.from} to ${cell.to}, ${cell.low.toFixed(2)} to ${cell.high.toFixed(2)}: ${cell.value.toPrecision(2)}`,
          shapeRendering: 'crispEdges',
          ...ofSeries(series),
        }),
      ],
    }),
  )
  const columns = Math.min(3, networks.length)
  // a label at the end of an axis would touch that at the start of the next
  const steps = linearTicks(...x.domain, 4).filter(([tick]) => tick < 0.9 * x.domain[1])
  const labelOf = new Map(steps)
  const grid = facetGrid(facets, {
    x: { ...x, ticks: [...labelOf.keys()], tickFormat: (tick) => labelOf.get(tick) ?? '' },
    y: { domain: [0, Math.max(...all.map((cell) => cell.high))], label: labels.time },
    columns,
    frame: { width: frameWidth(figureWidth - 28, columns), height: HEIGHT },
    grid: false,
  })
  const ticks = Array.from({ length: high - low + 1 }, (_, k): [number, string] => [
    low + k,
    powerOfTen(low + k),
  ])
  return stack([rampLegend({ label: labels.residual, low, high, ticks }), grid], 6)
}

function cellsOf({ step, time, residual }: ResidualHistory): Cell[] {
  const half = (time[0] as number) || 0.5
  return residual.flatMap((row, k) =>
    Array.from(row, (value, bin) => ({
      from: k === 0 ? 0 : (step[k - 1] as number),
      to: step[k] as number,
      low: (time[bin] as number) - half,
      high: (time[bin] as number) + half,
      value,
    })),
  )
}
