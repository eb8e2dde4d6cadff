import { findRoot } from './root.ts'

/** A function of time and place whose zeros along a trajectory are looked for. */
export interface EventFunction {
  /** What hits are called. */
  readonly name: string
  /** g(t, x) in the problem's own time and coordinates; x has d values and must not be kept. */
  g(t: number, x: Float64Array): number
  /** Zeros where g rises or falls along the integration. Default both. */
  readonly direction?: 'rising' | 'falling' | 'both'
  /** Whether a row ends at its first hit. Default false. */
  readonly stop?: boolean
}

export interface EventHit {
  readonly event: string
  readonly row: number
  readonly t: number
  readonly x: readonly number[]
}

/** A zero in a step: where s is there. */
export interface Crossing {
  readonly event: EventFunction
  /** Its place in the block. */
  readonly index: number
  readonly s: number
}

// two zeros between neighbouring points of a step are missed
const POINTS = 4
const TOLERANCE = 1e-12

/** Looks for zeros in the steps of one block, on the dense output. */
export class EventWatch {
  readonly #events: readonly EventFunction[]
  readonly #rows: number
  readonly #last: Float64Array

  constructor(events: readonly EventFunction[], rows: number) {
    this.#events = events
    this.#rows = rows
    this.#last = new Float64Array(events.length * rows)
  }

  /** `value(e, i, s)` is g of event e for row i of the block at s. */
  start(s: number, value: (e: number, i: number, s: number) => number): void {
    for (let e = 0; e < this.#events.length; e++)
      for (let i = 0; i < this.#rows; i++) this.#last[e * this.#rows + i] = value(e, i, s)
  }

  /** The zeros in a step, in the order of s for each row and event. */
  step(from: number, to: number, value: (e: number, i: number, s: number) => number): Crossing[] {
    const found: Crossing[] = []
    const tolerance = TOLERANCE * Math.max(Math.abs(from), Math.abs(to))
    for (let k = 1; k <= POINTS; k++) {
      const [before, s] = [k - 1, k].map((j) => (j === POINTS ? to : from + (j / POINTS) * (to - from)))
      this.#events.forEach((event, e) => {
        for (let i = 0; i < this.#rows; i++) {
          const last = this.#last[e * this.#rows + i]
          const now = value(e, i, s)
          this.#last[e * this.#rows + i] = now
          if (!crosses(last, now, event.direction)) continue
          const root = findRoot((at) => value(e, i, at), [before, s], [last, now], tolerance)
          found.push({ event, index: i, s: root })
        }
      })
    }
    const direction = Math.sign(to - from)
    return found.sort((a, b) => direction * (a.s - b.s))
  }
}

function crosses(last: number, now: number, direction: EventFunction['direction'] = 'both'): boolean {
  // a row that starts at a zero has not crossed it
  if (direction !== 'falling' && last < 0 && now >= 0) return true
  return direction !== 'rising' && last > 0 && now <= 0
}
