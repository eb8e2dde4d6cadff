import type { Mode } from '../state/state.ts'
import { limits } from '../state/state.ts'
import { lawAxes } from './law-panel.ts'
import type { Drawn } from './plane.ts'

interface Handling {
  /** The picture as it is now. */
  drawn(): Drawn
  /** A mode is taken hold of: from now on the picture keeps its axes. */
  onStart(): void
  onMove(k: number, mean: number): void
  /** It is let go. */
  onEnd(): void
}

/** A handle for each mode, on the peaks of the data's law. */
interface Handles {
  show(drawn: Drawn): void
}

const [LEAST, MOST] = limits.mean
const STEPS: Readonly<Record<string, number>> = {
  ArrowUp: 0.05,
  ArrowRight: 0.05,
  ArrowDown: -0.05,
  ArrowLeft: -0.05,
  PageUp: 0.5,
  PageDown: -0.5,
  Home: LEAST - MOST,
  End: MOST - LEAST,
}

const within = (mean: number) => Math.min(MOST, Math.max(LEAST, Math.round(mean * 100) / 100))

/**
 * Sliders in the picture that move the means of the modes: by pointer, or by arrow keys, Page Up and Down, Home and End. They are
 * elements of the page over the picture, which is drawn anew at every change: what is dragged or has the focus has to stay.
 */
export function createHandles(root: HTMLElement, hooks: Handling): Handles {
  let handles: HTMLElement[] = []

  const meanOf = (k: number) => hooks.drawn().state.modes[k].mean

  function makeHandle(k: number): HTMLElement {
    const handle = document.createElement('div')
    handle.className = 'handle'
    handle.tabIndex = 0
    handle.role = 'slider'
    handle.ariaLabel = `mean of mode ${k + 1}`
    handle.ariaOrientation = 'vertical'
    handle.ariaValueMin = String(LEAST)
    handle.ariaValueMax = String(MOST)
    // where the pointer took hold, so that the handle does not jump to it
    let offset: number | null = null

    /** x at t = 0 at the height of the pointer. */
    function pointed({ clientY }: PointerEvent): number {
      const { layout, coordinates } = hooks.drawn()
      return coordinates.toX(0, layout.toY(clientY - root.getBoundingClientRect().top))
    }
    function release(): void {
      if (offset === null) return
      offset = null
      hooks.onEnd()
    }

    handle.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return
      handle.setPointerCapture(event.pointerId)
      offset = meanOf(k) - pointed(event)
      hooks.onStart()
    })
    handle.addEventListener('pointermove', (event) => {
      if (offset === null) return
      const mean = within(pointed(event) + offset)
      if (mean !== meanOf(k)) hooks.onMove(k, mean)
    })
    for (const name of ['pointerup', 'pointercancel', 'lostpointercapture'] as const)
      handle.addEventListener(name, release)
    handle.addEventListener('keydown', (event) => {
      const step = STEPS[event.key]
      if (step === undefined) return
      event.preventDefault()
      const mean = within(meanOf(k) + step)
      if (mean !== meanOf(k)) hooks.onMove(k, mean)
    })
    return handle
  }

  function place(handle: HTMLElement, mode: Mode, drawn: Drawn): void {
    const { law } = drawn.layout
    const axes = lawAxes(drawn)
    const top = Math.min(law.top + law.height, Math.max(law.top, axes.top(mode.mean)))
    handle.style.left = `${axes.left(drawn.data.density(mode.mean))}px`
    handle.style.top = `${top}px`
    handle.ariaValueNow = String(mode.mean)
    handle.ariaValueText = mode.mean.toFixed(2)
  }

  return {
    show(drawn) {
      const { modes } = drawn.state
      if (handles.length !== modes.length) {
        handles = modes.map((_, k) => makeHandle(k))
        root.replaceChildren(...handles)
      }
      handles.forEach((handle, k) => {
        place(handle, modes[k], drawn)
      })
    },
  }
}
