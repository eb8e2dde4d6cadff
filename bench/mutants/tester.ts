import { type ChildProcess, fork } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Answer } from './test-process.ts'

const PROGRAM = fileURLToPath(new URL('./test-process.ts', import.meta.url))
/** Seconds for which nothing may be noted while tests run as they are. */
const BUSY = 600
/** With a mutant a test may take this many times the processor time that it took without, and so many seconds more. */
const SLOWER = 30
const MORE = 30

/** What the process that runs a test file is to do. */
export interface Control {
  /** A mutant that is on from the start, for a single verdict; null tries the candidates one after another. */
  readonly only: number | null
  readonly candidates: readonly number[]
  /** The file to which notes are appended, a line of JSON each. */
  readonly notes: string
}

/** What is found out of a mutant in one test file. */
export type Note =
  | { readonly kind: 'passed' | 'elsewhere'; readonly number: number }
  /** A test begins with it that took so many seconds of processor time without. */
  | { readonly kind: 'begins'; readonly number: number; readonly seconds: number }
  | { readonly kind: 'killed'; readonly number: number; readonly by: string }

/** The first failure of a test file with what it said, or that it took longer than it was given. */
type TestOutcome = 'passed' | 'too long' | { readonly failed: string }

/** Runs test files of a copy of the project in a process that stays, so that what was translated is not translated again. */
export class Tester {
  readonly #folder: string
  #process: ChildProcess | null = null

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Tries mutants in a test file. The one with which it does not end is in `hangs`. */
  async tryAll(
    test: string,
    candidates: readonly number[],
  ): Promise<{ notes: Note[]; hangs: number | null }> {
    const notes = () => this.#notes()
    const outcome = await this.#run(test, null, candidates, () => {
      const last = notes().at(-1)
      return last?.kind === 'begins' ? MORE + SLOWER * last.seconds : BUSY
    })
    const all = notes()
    const last = all.at(-1)
    return { notes: all, hangs: outcome === 'too long' && last?.kind === 'begins' ? last.number : null }
  }

  /** Runs a test file with one mutant, or none, from the start. */
  runWith(test: string, only: number | null, seconds: number): Promise<TestOutcome> {
    return this.#run(test, only ?? -1, [], () => seconds)
  }

  /** Ends the process with all of its children. */
  close(): void {
    if (this.#process?.pid) process.kill(-this.#process.pid, 'SIGKILL')
    this.#process = null
  }

  get #notesFile(): string {
    return join(this.#folder, 'notes.jsonl')
  }

  #notes(): Note[] {
    if (!existsSync(this.#notesFile)) return []
    const lines = readFileSync(this.#notesFile, 'utf8').split('\n').slice(0, -1)
    return lines.map((line) => JSON.parse(line) as Note)
  }

  async #run(
    test: string,
    only: number | null,
    candidates: readonly number[],
    patience: () => number,
  ): Promise<TestOutcome> {
    rmSync(this.#notesFile, { force: true })
    const control: Control = { only, candidates, notes: this.#notesFile }
    writeFileSync(join(this.#folder, 'control.json'), JSON.stringify(control))
    this.#process ??= await this.#start()
    const answer = await this.#ask(this.#process, test, patience)
    if (answer === null) {
      this.close()
      return 'too long'
    }
    return answer.failed === null ? 'passed' : { failed: answer.failed }
  }

  async #start(): Promise<ChildProcess> {
    const child = fork(PROGRAM, [this.#folder], {
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { ...process.env, MUTANTS_CONTROL: join(this.#folder, 'control.json') },
    })
    if ((await this.#ask(child, null, () => BUSY)) === null) throw new Error('vitest does not start')
    return child
  }

  /** The answer, or null where nothing was noted for as long as `patience` says. */
  #ask(child: ChildProcess, test: string | null, patience: () => number): Promise<Answer | null> {
    return new Promise((resolve) => {
      let heard = performance.now()
      let size = -1
      const finish = (answer: Answer | null) => {
        clearInterval(timer)
        child.removeAllListeners()
        resolve(answer)
      }
      const timer = setInterval(() => {
        const now = this.#notes().length
        if (now !== size) heard = performance.now()
        size = now
        if (performance.now() - heard > 1000 * patience()) finish(null)
      }, 1000)
      child.once('message', (answer: Answer) => finish(answer))
      child.once('exit', () => {
        this.#process = null
        finish({ failed: 'the process ended' })
      })
      if (test !== null) child.send(test)
    })
  }
}
