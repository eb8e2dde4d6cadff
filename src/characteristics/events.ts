import { InputError } from '../errors.ts'
import { findRoot } from '../numeric/root.ts'

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

const DIRECTIONS: readonly unknown[] = [undefined, 'rising', 'falling', 'both']

/** @throws InputError naming the first event, and the part of it, that does not fit */
export function checkEvents(events: readonly EventFunction[]): void {
  if (!Array.isArray(events)) throw new InputError('events', events, 'a list of events')
  for (const [i, event] of events.entries()) {
    const { name, g, direction, stop } = (event ?? {}) as Partial<EventFunction>
    if (typeof name !== 'string') throw new InputError(`events[${i}].name`, name, 'a name')
    if (typeof g !== 'function') throw new InputError(`events[${i}].g`, g, 'a function of t and x')
    if (!DIRECTIONS.includes(direction))
      throw new InputError(`events[${i}].direction`, direction, 'rising, falling or both')
    if (stop !== undefined && typeof stop !== 'boolean')
      throw new InputError(`events[${i}].stop`, stop, 'true or false')
  }
}

/** A zero in a step: where t is there. */
interface Crossing {
  readonly event: EventFunction
  /** Its place in the block. */
  readonly index: number
  readonly t: number
}

/** g of event e for row i of the block at time t. */
type EventValue = (e: number, i: number, t: number) => number

const TOLERANCE = 1e-13

/**
 * Looks for zeros in the steps of one block, on the dense output. In t, not in the angle of comoving coordinates: for t far above the data's scale a
 * rounding of the angle is many of t.
 */
export class EventWatch {
  readonly #events: readonly EventFunction[]
  readonly #rows: number
  readonly #last: Float64Array

  constructor(events: readonly EventFunction[], rows: number) {
    this.#events = events
    this.#rows = rows
    this.#last = new Float64Array(events.length * rows)
  }

  start(t: number, value: EventValue): void {
    for (let e = 0; e < this.#events.length; e++)
      for (let i = 0; i < this.#rows; i++) this.#last[e * this.#rows + i] = value(e, i, t)
  }

  /**
   * The zeros in a step, in the order of t for each row and event.
   *
   * @param times places of the step in order, its ends included: two zeros between neighbours are missed
   */
  step(times: readonly number[], value: EventValue): Crossing[] {
    const found: Crossing[] = []
    for (let k = 1; k < times.length; k++) {
      const [before, t] = [times[k - 1], times[k]]
      const tolerance = TOLERANCE * Math.max(before, t)
      this.#events.forEach((event, e) => {
        for (let i = 0; i < this.#rows; i++) {
          const last = this.#last[e * this.#rows + i]
          const now = value(e, i, t)
          this.#last[e * this.#rows + i] = now
          if (!crosses(last, now, event.direction)) continue
          const root = findRoot((at) => value(e, i, at), [before, t], [last, now], tolerance)
          found.push({ event, index: i, t: root })
        }
      })
    }
    const direction = Math.sign(times[times.length - 1] - times[0])
    return found.sort((a, b) => direction * (a.t - b.t))
  }
}

function crosses(last: number, now: number, direction: EventFunction['direction'] = 'both'): boolean {
  // a row that starts at a zero has not crossed it
  if (direction !== 'falling' && last < 0 && now >= 0) return true
  return direction !== 'rising' && last > 0 && now <= 0
}
