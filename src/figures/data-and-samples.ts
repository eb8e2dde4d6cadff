import * as Plot from '@observablehq/plot'
import { InputError } from '../errors.ts'
import {
  column,
  columnsFor,
  countRows,
  extent,
  type Facet,
  type FacetAxis,
  facetGrid,
  frameWidth,
  type PointRows,
  spread,
} from './facets.ts'
import { type Figure, makeFigure, stack } from './figure.ts'
import { legend, ofSeries } from './legend.ts'
import { figureWidth, ink, type SeriesStyle } from './style.ts'

export interface SampleSet extends PointRows {
  readonly label: string
  /** Under the label: "relative error 1.9e-3, W₂ 0.011" */
  readonly note?: string
}

export interface DataAndSamples {
  /** Default data-and-samples */
  readonly name?: string
  readonly title: string
  readonly data: SampleSet
  /** One-step samples of each method, of the dimension of the data */
  readonly methods: readonly SampleSet[]
  /** Labels with units of the coordinates; in more than two dimensions the first two are drawn */
  readonly axes: readonly string[]
}

const MOST_POINTS = 1500
const MOST_BINS = 60
const DATA: SeriesStyle = { colour: ink, dash: '', marker: 'circle' }
const SAMPLES: SeriesStyle = { colour: '#0072B2', dash: '', marker: 'circle' }
const BAR: SeriesStyle = { ...SAMPLES, marker: 'square' }

/** The data beside the one-step samples of every method: scatter plots, or histograms in one dimension. */
export function dataAndSamples(figure: DataAndSamples): Figure {
  const { data, methods, axes } = figure
  for (const set of methods) {
    if (set.dimension !== data.dimension) {
      throw new InputError(
        `dimension of ${set.label}`,
        set.dimension,
        `${data.dimension}, the dimension of the data`,
      )
    }
  }
  const columns = columnsFor(methods.length + 1)
  const width = Math.min(420, frameWidth(figureWidth - 28, columns))
  const flat = data.dimension === 1
  const grid = flat ? histograms(figure) : scatters(figure)
  const frame = { width, height: flat ? Math.round(width * 0.7) : width }
  const key = [
    { label: data.label, style: DATA, kind: flat ? ('plain' as const) : ('dot' as const) },
    { label: 'one-step samples', style: flat ? BAR : SAMPLES, kind: 'dot' as const },
  ]
  return makeFigure({
    name: figure.name ?? 'data-and-samples',
    title: figure.title,
    caption: flat
      ? 'The density of the data (black line) over that of the one-step samples of each method, on the same axes: the closer the filled shape follows the line, the better.'
      : `The data and the one-step samples of each method on the same axes (${axes[0]} and ${axes[1]}): the nearer a panel looks to the first one, the better; at most ${MOST_POINTS} points are drawn in each.`,
    series: [data, ...methods].map(({ label }) => ({ label })),
    body: stack([legend(key), facetGrid(grid.facets, { ...grid, columns, frame })], 6),
  })
}

interface Grid {
  readonly facets: Facet[]
  readonly x: FacetAxis
  readonly y: FacetAxis
}

function scatters({ data, methods, axes }: DataAndSamples): Grid {
  const [x, y] = [0, 1].map((k): FacetAxis => {
    return { domain: extent(column(data, k), 0.15), label: axes[k] ?? '' }
  }) as [FacetAxis, FacetAxis]
  const facets = [data, ...methods].map((set, series): Facet => {
    const style = set === data ? DATA : SAMPLES
    const points = spread(countRows(set), MOST_POINTS).map(
      (i) => [0, 1].map((k) => at(set, i, k)) as [number, number],
    )
    const seen = points.filter((p) => within(p[0], x.domain) && within(p[1], y.domain))
    return {
      title: set.label,
      series,
      note: noteWith(set, points.length - seen.length, points.length),
      marks: [
        Plot.dot(seen, {
          symbol: style.marker,
          r: 1.6,
          fill: style.colour,
          fillOpacity: points.length > 500 ? 0.5 : 0.75,
          ...ofSeries(series, 'dot'),
        }),
      ],
    }
  })
  return { facets, x, y }
}

function histograms({ data, methods, axes }: DataAndSamples): Grid {
  const domain = extent(column(data, 0), 0.15)
  // twice Rice's rule, for shapes of several modes
  const bins = Math.max(10, Math.min(MOST_BINS, Math.round(4 * Math.cbrt(countRows(data)))))
  const truth = density(column(data, 0), domain, bins)
  const heights = [truth]
  const facets = [data, ...methods].map((set, series): Facet => {
    const values = column(set, 0)
    const own = set === data ? truth : density(values, domain, bins)
    if (own !== truth) heights.push(own)
    const outside = values.filter((value) => !within(value, domain)).length
    return {
      title: set.label,
      series,
      note: noteWith(set, outside, values.length),
      marks: [
        set === data
          ? null
          : Plot.rectY(own, {
              x1: 'from',
              x2: 'to',
              y: 'height',
              inset: 0,
              fill: SAMPLES.colour,
              clip: true,
              ...ofSeries(series),
            }),
        Plot.line(
          truth.flatMap((bin) => [
            [bin.from, bin.height],
            [bin.to, bin.height],
          ]),
          { stroke: DATA.colour, strokeWidth: 1.5 },
        ),
      ],
    }
  })
  const top = Math.max(...heights.flat().map((bin) => bin.height))
  return {
    facets,
    x: { domain, label: axes[0] ?? '' },
    y: {
      domain: [0, Math.min(top, 3 * Math.max(...truth.map((bin) => bin.height))) * 1.05],
      label: 'density',
    },
  }
}

function at(set: PointRows, i: number, k: number): number {
  return set.values[i * set.dimension + k] as number
}

function within(value: number, domain: readonly number[]): boolean {
  return value >= (domain[0] as number) && value <= (domain[1] as number)
}

function noteWith(set: SampleSet, outside: number, total: number): string {
  const lost = outside === 0 ? '' : `${((100 * outside) / total).toFixed(1)} % outside`
  return [set.note ?? '', lost].filter((part) => part !== '').join('; ')
}

interface Bin {
  readonly from: number
  readonly to: number
  /** Share of all values, outside ones included, over the width */
  readonly height: number
}

/** Histogram as a density over `count` equal bins of the domain. */
export function density(values: readonly number[], domain: readonly [number, number], count: number): Bin[] {
  const [low, high] = domain
  const width = (high - low) / count
  const counts = new Float64Array(count)
  for (const value of values) {
    const bin = Math.floor((value - low) / width)
    if (bin >= 0 && bin < count) counts[bin] = (counts[bin] as number) + 1
  }
  return Array.from(counts, (n, i) => ({
    from: low + i * width,
    to: low + (i + 1) * width,
    height: values.length === 0 ? 0 : n / values.length / width,
  }))
}
