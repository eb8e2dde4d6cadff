/** The mean loss of the steps up to and including `step`, since the point before. */
export interface CurvePoint {
  readonly step: number
  readonly loss: number
}

/** What a curve needs to go on where it stopped. */
export interface CurveState {
  readonly points: readonly CurvePoint[]
  readonly sum: number
  readonly count: number
}

const POINTS = 200

/** The loss in training as about 200 means over equal numbers of steps. */
export class LossCurve {
  readonly #every: number
  #points: CurvePoint[]
  #sum: number
  #count: number

  constructor(steps: number, state: CurveState = { points: [], sum: 0, count: 0 }) {
    this.#every = Math.ceil(steps / POINTS)
    this.#points = [...state.points]
    this.#sum = state.sum
    this.#count = state.count
  }

  /** Takes in the loss of step number `step` = 1, 2, … */
  add(step: number, loss: number): void {
    this.#sum += loss
    this.#count++
    if (this.#count < this.#every) return
    this.#points.push({ step, loss: this.#sum / this.#count })
    this.#sum = 0
    this.#count = 0
  }

  /** The mean of the last steps. */
  get last(): number {
    return this.#count > 0 ? this.#sum / this.#count : (this.#points.at(-1)?.loss ?? Number.NaN)
  }

  get points(): readonly CurvePoint[] {
    return this.#points
  }

  state(): CurveState {
    return { points: [...this.#points], sum: this.#sum, count: this.#count }
  }
}
