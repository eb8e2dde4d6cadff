import type { RenderFunction } from '@observablehq/plot'

/** What a series of a figure is called, for pages that let readers point at it or switch it off. */
export interface SeriesName {
  readonly label: string
  /** The methods it shows; it goes when all of them are switched off. Default: the label */
  readonly methods?: readonly string[]
}

/** How the values of a mark are read off: at the vertices of its path, at its dots, or not at all. */
type Reading = 'line' | 'dot'

/**
 * Options of a mark that says which series of its figure it is, `data-of`, and how its values are read, `data-values`.
 * The names are not here but in the list of the whole figure (`makeFigure`): Plot's numbers are shortened.
 */
export function ofSeries(series: number | undefined, reading?: Reading): { readonly render: RenderFunction } {
  return {
    render(index, scales, values, dimensions, context, next) {
      const node = next?.(index, scales, values, dimensions, context) ?? null
      if (series !== undefined) node?.setAttribute('data-of', String(series))
      if (reading !== undefined) node?.setAttribute('data-values', reading)
      return node
    },
  }
}

/** Drawn SVG as part of a series. */
export function inSeries(series: number | undefined, svg: string): string {
  return series === undefined || svg === '' ? svg : `<g data-of="${series}">${svg}</g>`
}
