import { formatNumber, oneLine } from '../format.ts'
import { element } from './element.ts'
import { colourAt } from './error-scale.ts'
import { pointerAtRest } from './pointer-at-rest.ts'

/** A cell of the grid, counted from the lower left. */
export interface Cell {
  readonly column: number
  readonly row: number
}

/** Of errors that are not finite */
const MISSING = '#bdbdbd'

interface ErrorPanel {
  readonly root: HTMLElement
  /** The error there, as text */
  error(at: number, cell: Cell): string
  /** @param at index of the time; the marked cell is the same in all panels */
  show(at: number, cell: Cell | null): void
}

/** The error map of one method as a picture that can be pointed at and stepped through with the arrow keys. */
export function createErrorPanel(options: {
  readonly name: string
  readonly columns: number
  readonly rows: number
  /** Of the axis to the right and of that upwards: what stands at its ends, and its name between. */
  readonly axes: readonly (readonly [low: string, name: string, high: string])[]
  readonly ramp: string
  readonly decades: readonly [number, number]
  readonly maps: readonly Float64Array[]
  readonly onCell: (cell: Cell | null) => void
  readonly onTime: (step: number) => void
}): ErrorPanel {
  const { name, columns, rows, maps, axes, onCell, onTime } = options
  const canvas = element('canvas', {
    width: String(columns),
    height: String(rows),
    tabindex: '0',
    role: 'img',
  })
  const cross = element('span', { class: 'cross', hidden: '' })
  const [median, largest] = [element('p'), element('p')]
  const value = element('p', { class: 'value' })
  const root = element(
    'div',
    { class: 'map', 'data-methods': JSON.stringify([name]) },
    element('h3', {}, oneLine(name)),
    median,
    largest,
    element(
      'div',
      { class: 'plot' },
      axis('axis up', [...axes[1]].reverse()),
      element('div', { class: 'frame' }, canvas, cross),
      axis('axis', axes[0]),
    ),
    value,
  )
  let drawn = -1
  let current: Cell | null = null

  const cellAt = (column: number, row: number): Cell => ({
    column: Math.max(0, Math.min(columns - 1, column)),
    row: Math.max(0, Math.min(rows - 1, row)),
  })
  const point = (event: PointerEvent) => {
    const { left, top, width, height } = canvas.getBoundingClientRect()
    onCell(
      cellAt(
        Math.floor(((event.clientX - left) / width) * columns),
        rows - 1 - Math.floor(((event.clientY - top) / height) * rows),
      ),
    )
  }
  canvas.addEventListener('pointermove', (event) => {
    if (!pointerAtRest(event)) point(event)
  })
  canvas.addEventListener('pointerdown', point)
  canvas.addEventListener('pointerleave', (event) => {
    // a finger leaves when it lifts
    if (event.pointerType !== 'touch' && !pointerAtRest(event)) onCell(null)
  })
  canvas.addEventListener('blur', () => onCell(null))
  canvas.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }
    const move = moves[event.key as keyof typeof moves]
    if (event.key === 'PageUp') onTime(1)
    else if (event.key === 'PageDown') onTime(-1)
    else if (event.key === 'Escape') onCell(null)
    else if (move === undefined) return
    else if (current === null) onCell({ column: columns >> 1, row: rows >> 1 })
    else onCell(cellAt(current.column + move[0], current.row + move[1]))
    event.preventDefault()
  })

  const errorAt = (at: number, { column, row }: Cell) => short(maps[at][row * columns + column])

  return {
    root,
    error: errorAt,
    show(at, cell) {
      current = cell
      const errors = maps[at]
      if (at !== drawn) {
        draw(canvas, errors, options)
        const sorted = errors.filter(Number.isFinite).sort()
        const [middle, top] = [sorted[sorted.length >> 1], sorted.at(-1)].map((error) => short(error ?? null))
        median.textContent = `median ${middle}`
        largest.textContent = `largest ${top}`
        canvas.setAttribute('aria-label', `Errors of ${oneLine(name)}: median ${middle}, largest ${top}`)
        drawn = at
      }
      cross.hidden = cell === null
      value.textContent = cell === null ? '' : errorAt(at, cell)
      if (cell === null) return
      cross.style.left = `${(100 * (cell.column + 0.5)) / columns}%`
      cross.style.bottom = `${(100 * (cell.row + 0.5)) / rows}%`
    },
  }
}

function axis(kind: string, texts: readonly string[]): HTMLElement {
  return element(
    'div',
    { class: kind, 'aria-hidden': 'true' },
    ...texts.map((text) => element('span', {}, text)),
  )
}

function draw(
  canvas: HTMLCanvasElement,
  errors: Float64Array,
  options: { columns: number; rows: number; ramp: string; decades: readonly [number, number] },
): void {
  const context = canvas.getContext('2d')
  if (!context) return
  const { columns, rows, ramp, decades } = options
  const [low, high] = decades
  const image = context.createImageData(columns, rows)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const error = errors[row * columns + column]
      const share = error > 0 ? (Math.log10(error) - low) / (high - low) : 0
      const colour = Number.isFinite(error) ? colourAt(ramp, share) : MISSING
      const rgb = Number.parseInt(colour.slice(1), 16)
      image.data.set([rgb >> 16, (rgb >> 8) & 255, rgb & 255, 255], 4 * ((rows - 1 - row) * columns + column))
    }
  context.putImageData(image, 0, 0)
}

function short(error: number | null): string {
  return formatNumber(error, 2)
}
