import * as Plot from '@observablehq/plot'
import { InputError } from '../errors.ts'
import { columnsFor, extent, type Facet, facetGrid, frameWidth } from './facets.ts'
import { type Figure, makeFigure, stack } from './figure.ts'
import { legend, ofSeries } from './legend.ts'
import { figureWidth, type SeriesStyle } from './style.ts'

export interface MapCurves {
  /** Default map-curves */
  readonly name?: string
  readonly title: string
  /** Labels with units: of the noise, of what it is mapped to */
  readonly axes: readonly [string, string]
  /** Places, rising */
  readonly x: ArrayLike<number>
  /** f there */
  readonly truth: ArrayLike<number>
  readonly methods: readonly {
    readonly label: string
    /** Under the label: "relative error 1.9e-3" */
    readonly note?: string
    /** f̂ at the same places */
    readonly values: ArrayLike<number>
  }[]
}

// wide and pale, so that a line on it stays visible where both agree
const TRUTH: SeriesStyle & { width: number } = { colour: '#b3b3b3', dash: '', marker: 'circle', width: 6 }
const METHOD: SeriesStyle = { colour: '#0072B2', dash: '', marker: 'circle' }

/** The map of every method on the line over the true one. */
export function mapCurves(figure: MapCurves): Figure {
  const { axes, x, truth, methods } = figure
  if (methods.length === 0) throw new InputError('methods', methods, 'at least one method')
  for (const { label, values } of [{ label: 'the truth', values: truth }, ...methods])
    if (values.length !== x.length)
      throw new InputError(`number of values of ${label}`, values.length, `${x.length}, one a place`)
  const columns = columnsFor(methods.length)
  const width = Math.min(420, frameWidth(figureWidth - 28, columns))
  const points = (values: ArrayLike<number>) =>
    Array.from(x, (place, i): [number, number] => [place, values[i]]).filter(([, value]) =>
      Number.isFinite(value),
    )
  const band = Plot.line(points(truth), { stroke: TRUTH.colour, strokeWidth: TRUTH.width, clip: true })
  const facets = methods.map(
    ({ label, note, values }, series): Facet => ({
      title: label,
      series,
      ...(note === undefined ? {} : { note }),
      marks: [
        band,
        Plot.line(points(values), {
          stroke: METHOD.colour,
          strokeWidth: 1.5,
          clip: true,
          ...ofSeries(series, 'line'),
        }),
      ],
    }),
  )
  return makeFigure({
    name: figure.name ?? 'map-curves',
    title: figure.title,
    caption:
      'The map of each method (line) over the true one (grey band): it is wrong where the line leaves the band. ' +
      'Steep places are the layers between the modes of the data.',
    series: methods.map(({ label }) => ({ label })),
    body: stack(
      [
        legend([
          { label: 'true f', style: TRUTH, kind: 'plain' },
          { label: 'f of the method', style: METHOD, kind: 'plain' },
        ]),
        facetGrid(facets, {
          x: { domain: [x[0], x[x.length - 1]], label: axes[0] },
          y: { domain: extent(Array.from(truth), 0.15), label: axes[1] },
          columns,
          frame: { width, height: Math.round(width * 0.7) },
        }),
      ],
      6,
    ),
  })
}
