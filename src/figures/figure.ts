/** A finished figure: one self-contained SVG and what to say about it. */
export interface Figure {
  /** File name without ending; also the prefix of every id in the SVG, so keep it unique on a page. */
  readonly name: string
  readonly title: string
  /** One sentence: what is shown and how to read it. */
  readonly caption: string
  readonly svg: string
}
