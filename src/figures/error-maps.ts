import * as Plot from '@observablehq/plot'
import { InputError } from '../errors.ts'
import { missingColour, ramp, rampIndex, rampLegend } from './colour-ramp.ts'
import { columnsFor, type Facet, facetGrid, frameWidth } from './facets.ts'
import { type Figure, makeFigure, stack } from './figure.ts'
import { ofSeries } from './legend.ts'
import { pngDataUri } from './raster.ts'
import { figureWidth } from './style.ts'
import { powerOfTen } from './ticks.ts'

/** Relative errors on a regular grid, cell by cell. */
export interface ErrorGrid {
  readonly label: string
  /** Under the label: "relative error 1.9e-3" */
  readonly note?: string
  /** |f̂ − f| over the spread of the data √(tr Cov), not its logarithm: columns·rows values, lowest row (smallest y) first */
  readonly errors: ArrayLike<number>
  readonly columns: number
  readonly rows: number
}

/** Relative errors at scattered points. */
export interface ErrorPoints {
  readonly label: string
  readonly note?: string
  readonly errors: ArrayLike<number>
  readonly x: ArrayLike<number>
  readonly y: ArrayLike<number>
}

export interface ErrorMaps {
  /** Default error-maps */
  readonly name?: string
  readonly title: string
  /** Edges of the drawn rectangle: the outer edges of the outermost grid cells */
  readonly extent: { readonly x: readonly [number, number]; readonly y: readonly [number, number] }
  readonly axes: readonly [string, string]
  readonly methods: readonly (ErrorGrid | ErrorPoints)[]
}

const SMALLEST = 1e-16
const MOST_DECADES = 12

/** Where in noise space a method is wrong: log₁₀ of the relative error as colour, one panel a method, one scale. */
export function errorMaps(figure: ErrorMaps): Figure {
  const { methods, extent } = figure
  if (methods.length === 0) throw new InputError('methods', methods, 'at least one method')
  for (const map of methods) checkLengths(map)
  const [low, high] = errorDecades(methods)
  const columns = columnsFor(methods.length)
  const width = Math.min(420, frameWidth(figureWidth - 28, columns))
  const colourAt = (error: number) => rampIndex(Math.log10(Math.max(error, SMALLEST)), low, high)
  const facets = methods.map((map, series): Facet => {
    const mark = 'rows' in map ? raster(map, extent, colourAt, series) : scatter(map, colourAt, series)
    return { title: map.label, series, ...(map.note === undefined ? {} : { note: map.note }), marks: [mark] }
  })
  const missing = methods.some((map) => Array.from(map.errors).some((error) => !Number.isFinite(error)))
  const grid = facetGrid(facets, {
    x: { domain: extent.x, label: figure.axes[0] },
    y: { domain: extent.y, label: figure.axes[1] },
    columns,
    frame: { width, height: width },
    grid: false,
  })
  const scale = rampLegend({
    label: 'relative error |f̂ − f| / √(tr Cov)',
    low,
    high,
    ticks: scaleTicks(methods, low, high),
    ...(missing ? { missing: 'not finite' } : {}),
  })
  return makeFigure({
    name: figure.name ?? 'error-maps',
    title: figure.title,
    caption:
      'Relative error of each method, one logarithmic colour scale for all panels: dark is accurate, bright is wrong, ' +
      `and ${methods.every((map) => 'rows' in map) ? 'bright lines are the layers between the modes of the data' : 'the largest errors lie on top'}.`,
    series: methods.map(({ label }) => ({ label })),
    body: stack([scale, grid], 8),
  })
}

function checkLengths(map: ErrorGrid | ErrorPoints): void {
  const count = 'rows' in map ? map.columns * map.rows : map.x.length
  if (map.errors.length !== count) {
    throw new InputError(`number of errors of ${map.label}`, map.errors.length, `${count}, one a point`)
  }
}

/** Exponents of the colour scale: whole decades from the 2 % to the 99.8 % quantile of all errors, so that single points do not set the scale. */
export function errorDecades(methods: readonly { readonly errors: ArrayLike<number> }[]): [number, number] {
  const logs = methods
    .flatMap((map) => Array.from(map.errors))
    .filter(Number.isFinite)
    .map((error) => Math.log10(Math.max(error, SMALLEST)))
    .sort((a, b) => a - b)
  if (logs.length === 0) return [-1, 0]
  const high = Math.ceil(logs[Math.floor(0.998 * logs.length)] as number)
  const low = Math.floor(logs[Math.floor(0.02 * logs.length)] as number)
  return [Math.min(high - 1, Math.max(low, high - MOST_DECADES)), high]
}

// the ends say so when there are errors beyond them
function scaleTicks(
  methods: readonly (ErrorGrid | ErrorPoints)[],
  low: number,
  high: number,
): [number, string][] {
  const step = Math.ceil((high - low) / 7)
  const errors = methods.flatMap((map) => Array.from(map.errors)).filter(Number.isFinite)
  const exponents = [high]
  for (let exponent = high - step; exponent > low + step / 2; exponent -= step) exponents.unshift(exponent)
  exponents.unshift(low)
  return exponents.map((exponent) => {
    const below = exponent === low && errors.some((error) => error < 10 ** low)
    const above = exponent === high && errors.some((error) => error > 10 ** high)
    return [exponent, `${below ? '≤ ' : above ? '≥ ' : ''}${powerOfTen(exponent)}`]
  })
}

function raster(
  map: ErrorGrid,
  extent: ErrorMaps['extent'],
  colourAt: (error: number) => number,
  series: number,
): Plot.Markish {
  const palette = [...ramp.slice(0, -1), missingColour]
  const indices = new Uint8Array(map.columns * map.rows)
  for (let row = 0; row < map.rows; row++) {
    for (let k = 0; k < map.columns; k++) {
      const error = map.errors[row * map.columns + k] as number
      const index = Number.isFinite(error)
        ? Math.min(colourAt(error), palette.length - 2)
        : palette.length - 1
      indices[(map.rows - 1 - row) * map.columns + k] = index
    }
  }
  const href = pngDataUri(indices, map.columns, map.rows, palette)
  return (_index, scales, _values, _dimensions, context) => {
    const image = context.document.createElementNS('http://www.w3.org/2000/svg', 'image')
    const pixel = (scale: ((value: number) => number) | undefined, value: number) =>
      scale ? scale(value) : 0
    const [left, right] = extent.x.map((value) => pixel(scales.x, value)) as [number, number]
    const [bottom, top] = extent.y.map((value) => pixel(scales.y, value)) as [number, number]
    const attributes = { x: left, y: top, width: right - left, height: bottom - top, href }
    for (const [name, value] of Object.entries(attributes)) image.setAttribute(name, String(value))
    image.setAttribute('preserveAspectRatio', 'none')
    image.setAttribute('image-rendering', 'pixelated')
    image.setAttribute('data-of', String(series))
    return image
  }
}

function scatter(map: ErrorPoints, colourAt: (error: number) => number, series: number): Plot.Markish {
  // the largest errors last, so that they are on top
  const order = Array.from({ length: map.errors.length }, (_, i) => i).sort(
    (a, b) => (map.errors[a] as number) - (map.errors[b] as number),
  )
  const fill = (i: number) => {
    const error = map.errors[i] as number
    return Number.isFinite(error) ? ramp[colourAt(error)] : missingColour
  }
  const x = (i: number) => map.x[i] as number
  return Plot.dot(order, {
    x,
    y: (i: number) => map.y[i] as number,
    r: 2,
    fill: fill as (i: number) => string,
    clip: true,
    ...ofSeries(series, 'dot'),
  })
}
