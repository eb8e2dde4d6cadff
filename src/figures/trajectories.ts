import * as Plot from '@observablehq/plot'
import { InputError } from '../errors.ts'
import { ramp, rampIndex, rampLegend } from './colour-ramp.ts'
import { extent, facetGrid, frameWidth } from './facets.ts'
import { beside, type Figure, makeFigure, stack } from './figure.ts'
import { legend, ofSeries } from './legend.ts'
import { figureWidth, ink, paper } from './style.ts'
import { linearTicks } from './ticks.ts'

export interface Trajectories {
  /** Default trajectories */
  readonly name?: string
  readonly title: string
  /** In one dimension paths are drawn over time; in more, the first two coordinates against each other */
  readonly dimension: number
  /** Times (or θ) of the points of every path, from the start (T) to the end (0) */
  readonly times: ArrayLike<number>
  /** Each row-major, one row a time */
  readonly paths: readonly ArrayLike<number>[]
  /** Label of the time axis, with unit; used in one dimension */
  readonly timeLabel: string
  /** Labels with units of the coordinates, in the coordinates of the paths: "y₁ = x₁/r" */
  readonly axes: readonly string[]
  /** What colours the paths; where they end, in their first coordinate, unless given */
  readonly colour?: { readonly label: string; readonly values: ArrayLike<number> }
}

const FRAME = { width: frameWidth(figureWidth - 28, 1), height: 440 }
const TALLEST = 640
const SMALLEST = 260

const START = { colour: ink, dash: '', marker: 'circle' } as const

/** Trajectories of the probability-flow ODE from noise to data, start and end marked. */
export function trajectories(figure: Trajectories): Figure {
  const { dimension, times, paths, axes } = figure
  const count = times.length
  for (const path of paths) {
    if (path.length !== count * dimension) {
      throw new InputError(
        'length of a path',
        path.length,
        `${count * dimension}: one row of ${dimension} values a time`,
      )
    }
  }
  if (paths.length === 0 || count === 0)
    throw new InputError('paths', paths, 'at least one path of at least one point')
  const lines = paths.map((path) =>
    Array.from({ length: count }, (_, i): [number, number] =>
      dimension === 1
        ? [times[i] as number, path[i] as number]
        : [path[i * dimension] as number, path[i * dimension + 1] as number],
    ),
  )
  const colour = figure.colour ?? {
    label: `colour: ${axes[0]} at the end`,
    values: paths.map((path) => path[(count - 1) * dimension] as number),
  }
  const [low, high] = extent(Array.from(colour.values), 0)
  const paint = (i: number) => ramp[rampIndex(colour.values[i] as number, low, high)] as string
  const xs = extent(
    lines.flat().map((p) => p[0]),
    0.03,
  )
  const ys = extent(
    lines.flat().map((p) => p[1]),
    0.05,
  )
  const frame = dimension === 1 ? FRAME : equalScale(xs, ys)
  const starts = lines.map((line) => line[0] as [number, number])
  const ends = lines.map((line) => line.at(-1) as [number, number])
  const grid = facetGrid(
    [
      {
        title: '',
        marks: [
          ...lines.map((line, i) =>
            Plot.line(line, {
              stroke: paint(i),
              strokeWidth: 1.2,
              strokeOpacity: 0.85,
              ...ofSeries(undefined, 'line'),
              className: 'ramp',
            }),
          ),
          Plot.dot(starts, { r: 2.5, fill: paper, stroke: ink, strokeWidth: 1 }),
          Plot.dot(ends, { r: 2.5, fill: ink, stroke: paper, strokeWidth: 0.75 }),
        ],
      },
    ],
    {
      x: {
        domain: xs,
        label: dimension === 1 ? figure.timeLabel : (axes[0] ?? ''),
      },
      y: {
        domain: ys,
        label: (dimension === 1 ? axes[0] : axes[1]) ?? '',
      },
      columns: 1,
      frame,
    },
  )
  const marks = legend(
    [
      { label: 'start, t = T', style: START, kind: 'open' },
      { label: 'end, t = 0', style: START, kind: 'dot' },
    ],
    400,
  )
  const scale = rampLegend({ label: colour.label, low, high, ticks: linearTicks(low, high), lines: true })
  return makeFigure({
    name: figure.name ?? 'trajectories',
    title: figure.title,
    caption:
      `${paths.length} trajectories of the probability-flow ODE from noise (hollow) to data (filled): ` +
      'where neighbours of different colours part, the map has a layer that every method finds hard.',
    body: stack([beside([scale, marks], 40), grid], 8),
  })
}

// one unit is as long in x as in y, unless the panel would become a strip
function equalScale(
  x: readonly [number, number],
  y: readonly [number, number],
): { width: number; height: number } {
  const scale = Math.min(FRAME.width / (x[1] - x[0]), TALLEST / (y[1] - y[0]))
  return {
    width: Math.max(SMALLEST, Math.round(scale * (x[1] - x[0]))),
    height: Math.max(SMALLEST, Math.round(scale * (y[1] - y[0]))),
  }
}
