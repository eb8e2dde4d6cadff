/** DejaVu Sans comes with the package for PNG; Verdana is its metric twin where SVG is shown without it. */
export const fontFamily = "'DejaVu Sans', Verdana, 'Segoe UI', sans-serif"
export const fontSize = 12
export const titleSize = 16
export const bold = 700

export const ink = '#1a1a1a'
export const paleInk = '#595959'
export const gridInk = '#dddddd'
export const frameInk = '#8a8a8a'
export const paper = '#ffffff'

/** Width of a whole figure in pixels. */
export const figureWidth = 960

type Marker = 'circle' | 'square' | 'triangle' | 'diamond' | 'cross' | 'star' | 'wye'

/** Colour, dash and marker of one series: three ways to tell it from the others, so that grey prints work too. */
export interface SeriesStyle {
  readonly colour: string
  /** SVG stroke-dasharray; empty for a solid line */
  readonly dash: string
  readonly marker: Marker
}

// Okabe & Ito (2008) without yellow, which is too pale on white, then three darker ones; ordered so that neighbours differ in grey
const COLOURS = [
  '#0072B2',
  '#E69F00',
  '#009E73',
  '#D55E00',
  '#000000',
  '#56B4E9',
  '#CC79A7',
  '#882255',
  '#8F8F2A',
  '#5E3C99',
] as const
const DASHES = ['', '7 3', '2 3', '9 3 2 3', '12 4'] as const
const MARKERS: readonly Marker[] = ['circle', 'square', 'triangle', 'diamond', 'cross', 'star', 'wye']

/** The style of series number i. 70 pairs of colour and marker before one returns. */
export function seriesStyle(i: number): SeriesStyle {
  return {
    colour: COLOURS[i % COLOURS.length] as string,
    dash: DASHES[i % DASHES.length] as string,
    marker: MARKERS[(i + 3 * Math.floor(i / COLOURS.length)) % MARKERS.length] as Marker,
  }
}
