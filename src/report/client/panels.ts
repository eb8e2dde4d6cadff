import { formatNumber } from '../format.ts'

interface Axis {
  readonly label: string
  readonly log: boolean
  readonly domain: readonly [number, number]
}

interface Axes {
  readonly x: Axis
  readonly y: Axis
  /** Left, upper edge, width and height in the panel's own coordinates */
  readonly frame: readonly [number, number, number, number]
}

/** A value that a figure shows, and where it stands in its panel. */
export interface DataPoint {
  readonly x: number
  readonly y: number
  readonly panel: SVGGElement
  readonly mark: SVGElement
  /** What to say of it, line by line */
  text(): readonly string[]
}

/** One pair of axes of a figure. */
interface Panel {
  /** Whether a place on the screen is in the panel, or so many pixels from it */
  isNear(event: PointerEvent, reach: number): boolean
  /** Its values by series, those that are switched off left out; read when they are asked for, since there may be many */
  places(): DataPoint[][]
}

export function readPanels(figure: SVGSVGElement): Panel[] {
  const series: { label: string }[] = JSON.parse(figure.dataset.series ?? '[]')
  return Array.from(figure.querySelectorAll<SVGGElement>('[data-panel]')).map((panel): Panel => {
    const axes: Axes = JSON.parse(panel.dataset.panel ?? '')
    let read: DataPoint[][] | null = null
    return {
      isNear({ clientX, clientY }, reach) {
        const matrix = panel.getScreenCTM()
        if (!matrix) return false
        const [left, top, width, height] = axes.frame
        const [x, y] = [matrix.a * left + matrix.e, matrix.d * top + matrix.f]
        const between = (value: number, from: number, size: number) =>
          value >= from - reach && value <= from + size + reach
        return between(clientX, x, matrix.a * width) && between(clientY, y, matrix.d * height)
      },
      places() {
        read ??= readPlaces(panel, axes, series)
        // a series is switched off as a whole
        return read.filter(([first]) => !first.mark.closest('.off'))
      },
    }
  })
}

function readPlaces(panel: SVGGElement, axes: Axes, series: readonly { label: string }[]): DataPoint[][] {
  const groups = Array.from(panel.querySelectorAll<SVGGElement>('[data-values]')).map((group) => {
    const label = series[Number(group.dataset.of)]?.label
    // marks that are clipped stand in a group of their own
    return Array.from(group.querySelectorAll<SVGElement>('path, circle'))
      .flatMap((mark) => pointsOf(mark).map(([x, y]) => ({ x, y, mark })))
      .filter(({ x, y }) => isInside(axes.frame, x, y))
      .map((place): DataPoint => ({ ...place, panel, text: () => textOf(axes, label, place) }))
  })
  return [...groups, cellsOf(panel)].filter((places) => places.length > 0)
}

/** Marks that carry a text of their own, such as the cells of a map. */
function cellsOf(panel: SVGGElement): DataPoint[] {
  return Array.from(panel.querySelectorAll<SVGGraphicsElement>('[data-text]')).map((mark) => {
    const { x, y, width, height } = mark.getBBox()
    return { x: x + width / 2, y: y + height / 2, panel, mark, text: () => [mark.dataset.text ?? ''] }
  })
}

// the vertices of a path, the middle of a dot
function pointsOf(mark: SVGElement): [number, number][] {
  const number = (name: string) => Number(mark.getAttribute(name))
  if (mark instanceof SVGCircleElement) return [[number('cx'), number('cy')]]
  const moved = /translate\(([^,)]+),([^)]+)\)/.exec(mark.getAttribute('transform') ?? '')
  if (moved) return [[Number(moved[1]), Number(moved[2])]]
  return Array.from((mark.getAttribute('d') ?? '').matchAll(/[ML](-?[\d.e-]+),(-?[\d.e-]+)/g), ([, x, y]) => [
    Number(x),
    Number(y),
  ])
}

function isInside([left, top, width, height]: Axes['frame'], x: number, y: number): boolean {
  const air = 1
  return x >= left - air && x <= left + width + air && y >= top - air && y <= top + height + air
}

function textOf(axes: Axes, label: string | undefined, { x, y }: { x: number; y: number }): string[] {
  const [left, top, width, height] = axes.frame
  const values = [
    `${axes.x.label}: ${formatNumber(valueAt(axes.x, (x - left) / width))}`,
    `${axes.y.label}: ${formatNumber(valueAt(axes.y, 1 - (y - top) / height))}`,
  ]
  return label === undefined ? values : [label, ...values]
}

function valueAt({ log, domain: [low, high] }: Axis, share: number): number {
  return log ? low * (high / low) ** share : low + (high - low) * share
}
