import type { Progress } from '../src/progress.ts'

const UNITS = 1000

/** The progress of many tasks as one. */
export class TotalProgress {
  readonly #listener: ((progress: Progress) => void) | undefined
  readonly #parts = new Map<string, number>()
  #tasks = 0

  constructor(listener: ((progress: Progress) => void) | undefined) {
    this.#listener = listener
  }

  /** More tasks to come. */
  add(count: number): void {
    this.#tasks += count
  }

  update(name: string, { done, total, label }: Progress): void {
    this.#parts.set(name, (UNITS * done) / total)
    this.#report(`${name}, ${label}`)
  }

  done(name: string): void {
    this.#parts.set(name, UNITS)
    this.#report(name)
  }

  #report(label: string): void {
    const done = Math.round([...this.#parts.values()].reduce((sum, part) => sum + part, 0))
    this.#listener?.({ done, total: this.#tasks * UNITS, label })
  }
}
