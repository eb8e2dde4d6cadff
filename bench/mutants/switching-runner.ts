import { appendFileSync, readFileSync } from 'node:fs'
import { type RunnerTestCase, TestRunner, type TestRunnerConfig } from 'vitest'
import type { Control, Note } from './tester.ts'

declare global {
  /** Whether this mutant is switched on. */
  var __mutant: (number: number) => boolean
}

type Run = () => void | PromiseLike<void>

/** Seconds of processor time for one mutant in one process at most: what is dear is left to other test files. */
const MOST = 10

/**
 * Runs each test as it is and then again with every mutant whose place it came by. A mutant is killed by a test that fails with it
 * and passes again without it in the same process.
 */
export default class SwitchingRunner extends TestRunner {
  readonly #control: Control
  readonly #alive: Set<number>
  readonly #spent = new Map<number, number>()
  readonly #reached: Uint8Array
  #active: number | null

  constructor(config: TestRunnerConfig) {
    super(config as ConstructorParameters<typeof TestRunner>[0])
    this.#control = JSON.parse(readFileSync(process.env.MUTANTS_CONTROL ?? '', 'utf8')) as Control
    const { only, candidates } = this.#control
    this.#active = only
    this.#alive = new Set(candidates)
    const reached = new Uint8Array(Math.max(0, ...candidates) + 1)
    this.#reached = reached
    globalThis.__mutant = (number) => {
      reached[number] = 1
      return number === this.#active
    }
  }

  // a test that fails is no failure of a run of mutants: vitest would stop there
  async runTask(test: RunnerTestCase): Promise<void> {
    const run: Run = TestRunner.getTestFn(test)
    if (this.#control.only !== null) {
      await run()
      return
    }
    this.#noteOutside()
    const start = cpuSeconds()
    const well = await passes(run)
    const took = cpuSeconds() - start
    const reached = this.#reachedOnes()
    for (const number of reached) {
      const spent = (this.#spent.get(number) ?? 0) + took
      if (well !== null || spent > MOST) this.#note({ kind: 'elsewhere', number })
      else {
        this.#spent.set(number, spent)
        await this.#try(number, run, test, took)
      }
    }
    this.#reached.fill(0)
  }

  override onAfterRunFiles(): void {
    if (this.#control.only === null) this.#noteOutside()
    super.onAfterRunFiles()
  }

  async #try(number: number, run: Run, test: RunnerTestCase, seconds: number): Promise<void> {
    this.#note({ kind: 'begins', number, seconds })
    this.#active = number
    this.#reached[number] = 0
    const failure = await passes(run)
    this.#active = null
    // what runs once, as the top of a module that a test imports, has run without it: it has to be on from the start
    if (failure === null) return this.#note({ kind: this.#reached[number] ? 'passed' : 'elsewhere', number })
    // it may have left something behind, or the test does not pass twice
    if ((await passes(run)) !== null) return this.#note({ kind: 'elsewhere', number })
    this.#alive.delete(number)
    this.#note({
      kind: 'killed',
      number,
      by: `${test.fullTestName}: ${failure}`.replace(/\s+/g, ' ').slice(0, 200),
    })
  }

  /** Mutants that run where modules are loaded, tests are collected and hooks run have to be on from the start. */
  #noteOutside(): void {
    for (const number of this.#reachedOnes()) this.#note({ kind: 'elsewhere', number })
    this.#reached.fill(0)
  }

  #reachedOnes(): number[] {
    return [...this.#alive].filter((number) => this.#reached[number])
  }

  #note(note: Note): void {
    appendFileSync(this.#control.notes, `${JSON.stringify(note)}\n`)
  }
}

/** What a test says that fails, null where it passes. */
async function passes(run: Run): Promise<string | null> {
  try {
    await run()
    return null
  } catch (error) {
    return String(error instanceof Error ? error.message : error)
  }
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
