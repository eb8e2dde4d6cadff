import type { Coordinates } from '../compute/coordinates.ts'
import type { Launch } from '../state/state.ts'
import type { Layout } from './layout.ts'
import { svg } from './svg.ts'

interface Launching {
  layout(): Layout
  coordinates(): Coordinates
  onLaunch(launch: Launch): void
  onUndo(): void
}

const STEP = 0.025

/** A click in the plane launches a trajectory; so does Enter, at a cross that the arrow keys move. `redraw` is for after a drawing. */
export function addLaunching(figure: SVGSVGElement, hooks: Launching): { readonly redraw: () => void } {
  // shares of the plane's width and height
  let [across, down] = [1, 0.3]
  let cross: SVGElement | null = null
  figure.tabIndex = 0

  function launch(left: number, top: number): void {
    const layout = hooks.layout()
    const coordinates = hooks.coordinates()
    const time = coordinates.time(layout.toPlace(left))
    hooks.onLaunch({ time, x: coordinates.toX(time, layout.toY(top)) })
  }

  const place = (): [number, number] => {
    const { plane } = hooks.layout()
    return [plane.left + across * plane.width, plane.top + down * plane.height]
  }

  function showCross(): void {
    cross?.remove()
    const [left, top] = place()
    cross = svg('path', { d: `M${left - 9},${top}h18M${left},${top - 9}v18`, class: 'cross' })
    figure.append(cross)
  }

  figure.addEventListener('click', (event) => {
    const bounds = figure.getBoundingClientRect()
    const scale = hooks.layout().width / bounds.width
    const [left, top] = [(event.clientX - bounds.left) * scale, (event.clientY - bounds.top) * scale]
    const { plane } = hooks.layout()
    const inside =
      left >= plane.left - 4 &&
      left <= plane.left + plane.width + 4 &&
      top >= plane.top &&
      top <= plane.top + plane.height
    if (inside) launch(left, top)
  })

  figure.addEventListener('keydown', (event) => {
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-STEP, 0],
      ArrowRight: [STEP, 0],
      ArrowUp: [0, -STEP],
      ArrowDown: [0, STEP],
    }
    const move = moves[event.key]
    if (move) {
      across = Math.min(1, Math.max(0, across + move[0]))
      down = Math.min(1, Math.max(0, down + move[1]))
    } else if (event.key === 'Enter' || event.key === ' ') launch(...place())
    else if (event.key === 'Backspace' || event.key === 'Delete') hooks.onUndo()
    else return
    event.preventDefault()
    showCross()
  })

  figure.addEventListener('focus', () => {
    if (figure.matches(':focus-visible')) showCross()
  })
  figure.addEventListener('blur', () => {
    cross?.remove()
    cross = null
  })
  return {
    redraw() {
      if (cross) showCross()
    },
  }
}
