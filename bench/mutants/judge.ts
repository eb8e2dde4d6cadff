import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Mutant } from './places.ts'
import { durationsOfTests, relatedTests } from './related.ts'
import { type Numbered, withSwitches } from './switches.ts'
import { Tester } from './tester.ts'
import { copyOfProject, root, type Tree } from './tree.ts'

export interface Verdict {
  readonly outcome: 'killed' | 'survived' | 'not reached' | 'not decided'
  /** The test that killed it with what it said, or how many test files did not. */
  readonly by: string
}

/** Seconds that a test file costs beside its tests. */
const LOADING = 4
/** A test file with a mutant may take this many times as long as without, and so many seconds more. */
const SLOWER = 4
const MORE = 30
/** What tests have in them that run the built command line. */
const BINARY = 'dist/bundle/cli/main.js'
/** Of such a test file, which imports nothing of what is changed. */
const LEAST_WORTH = 0.1

/** What is known of a mutant while it is judged. */
interface Case extends Numbered {
  /** Test files that have run its place. */
  readonly reached: Set<string>
  /** Those in which it has to be on from the start. */
  readonly elsewhere: Set<string>
  /** Whether a test did not end with it: it is left to the end, alone. */
  hangs: boolean
  verdict: Verdict | null
}

/**
 * Judges mutants in a copy of the project that has all of them in it, switched off. First the test files that can tell most for
 * their cost, each with every mutant that it comes by; then, one by one, the mutants that are left, in the files that ran them while
 * modules were loaded or in hooks, and built for worker threads and the command line. `seconds` a mutant at most on average
 * in either part, and in the second what the first has left over: what is not known then is not decided.
 */
export async function judge(
  mutants: readonly Mutant[],
  tests: readonly string[],
  seconds: number,
  onVerdict: (mutant: Mutant, verdict: Verdict) => void,
): Promise<void> {
  const cases = mutants.map(
    (mutant, number): Case => ({
      ...{ mutant, number, reached: new Set(), elsewhere: new Set() },
      ...{ hangs: false, verdict: null },
    }),
  )
  const settle = (one: Case, verdict: Verdict) => {
    if (one.verdict) return
    one.verdict = verdict
    onVerdict(one.mutant, verdict)
  }
  const related = relatedTests(root, tests)
  const durations = durationsOfTests(root)
  const cost = (test: string) => LOADING + (durations.get(test) ?? 10_000) / 1000
  const worth = ({ mutant: { file } }: Case, test: string) => {
    const distance = related.get(file)?.get(test)
    return distance === undefined ? 0 : nearness(test, file) / (1 + distance)
  }
  const started = performance.now()
  const tree = await copyOfProject()
  const tester = new Tester(tree.folder)
  try {
    await putIn(tree, cases)
    await all()
    for (const [k, one] of cases.entries()) if (!one.verdict) await alone(one, k)
  } finally {
    tester.close()
    await tree.remove()
  }

  /** Test files with all of the mutants that they reach by imports. */
  async function all(): Promise<void> {
    const begun = performance.now()
    const left = new Set(tests)
    while (performance.now() - begun < 1000 * seconds * mutants.length) {
      const alive = cases.filter(({ verdict, hangs }) => !verdict && !hangs)
      const value = (test: string) => alive.reduce((sum, one) => sum + worth(one, test), 0) / cost(test)
      const test = [...left].reduce((best, next) => (value(next) > value(best) ? next : best), [...left][0])
      if (test === undefined || value(test) === 0) return
      left.delete(test)
      const start = performance.now()
      await tryAll(
        test,
        alive.filter((one) => worth(one, test) > 0),
      )
      const took = ((performance.now() - start) / 1000).toFixed(0)
      console.error(`  ${took} s ${test}`)
    }
    for (const one of cases) for (const test of left) if (worth(one, test) > 0) one.elsewhere.add(test)
  }

  async function tryAll(test: string, candidates: readonly Case[]): Promise<void> {
    const trying = new Set(candidates)
    for (;;) {
      const numbers = [...trying].map(({ number }) => number)
      const { notes, hangs } = await tester.tryAll(test, numbers)
      for (const note of notes) {
        const one = cases[note.number]
        one.reached.add(test)
        if (note.kind === 'killed') settle(one, { outcome: 'killed', by: `${test}: ${note.by}` })
        if (note.kind === 'elsewhere') one.elsewhere.add(test)
        if (one.verdict) trying.delete(one)
      }
      if (hangs === null) return
      cases[hangs].elsewhere.add(test)
      cases[hangs].hangs = true
      trying.delete(cases[hangs])
    }
  }

  /** Test files that may run it in another thread or process, where none was seen to run it. */
  function unseen({ mutant: { file } }: Case): Iterable<string> {
    const near = related.get(file)?.keys()
    return near ?? tests.filter((test) => readFileSync(join(root, test), 'utf8').includes(BINARY))
  }

  /** One mutant from the start, in the test files that say nothing of it otherwise; also in the time that others have left over. */
  async function alone(one: Case, k: number): Promise<void> {
    const { mutant, number } = one
    const files = [...(one.reached.size + one.elsewhere.size > 0 ? one.elsewhere : unseen(one))]
    const price = (test: string) => cost(test) / (worth(one, test) || LEAST_WORTH)
    files.sort((a, b) => price(a) - price(b))
    const begun = performance.now()
    const waiting = cases.slice(k).filter(({ verdict }) => !verdict).length
    const given = (2000 * seconds * mutants.length - (begun - started)) / waiting
    await tree.build(mutant.file, changedText(mutant))
    try {
      for (const test of files) {
        if (performance.now() - begun > given) {
          settle(one, { outcome: 'not decided', by: `${one.reached.size} test files run it` })
          return
        }
        const limit = MORE + SLOWER * cost(test)
        const outcome = await tester.runWith(test, number, limit)
        if (outcome === 'passed') continue
        // what comes from the load of the machine or from the test itself does not count
        await tree.build(mutant.file, textOf(mutant.file))
        const start = performance.now()
        const clean = await tester.runWith(test, null, limit)
        const took = (performance.now() - start) / 1000
        await tree.build(mutant.file, changedText(mutant))
        if (clean !== 'passed' || (outcome === 'too long' && took > limit / 2)) continue
        const said = outcome === 'too long' ? 'takes too long' : outcome.failed
        settle(one, { outcome: 'killed', by: `${test}: ${said.replace(/\s+/g, ' ').slice(0, 200)}` })
        return
      }
    } finally {
      await tree.build(mutant.file, textOf(mutant.file))
    }
    const reached = one.reached.size
    settle(one, { outcome: reached > 0 ? 'survived' : 'not reached', by: `${reached} test files run it` })
  }
}

/** Where work is given to worker threads, which would run the build: in the copy it is done in the thread of the test. */
const POOL = 'src/parallel/pool.ts'

async function putIn(tree: Tree, cases: readonly Numbered[]): Promise<void> {
  for (const file of new Set([POOL, ...cases.map(({ mutant }) => mutant.file)])) {
    const own = cases.filter(({ mutant }) => mutant.file === file)
    const text = withSwitches(textOf(file), own)
    await tree.write(file, file === POOL ? withoutThreads(text) : text)
  }
}

/** The text of `src/parallel/pool.ts` with no threads, and with workers from their sources. */
export function withoutThreads(pool: string): string {
  const changes = [
    ['let most = threads', 'let most = 0'],
    ['module: workerModule(worker)', 'module: worker.href'],
  ]
  return changes.reduce((text, [before, after]) => {
    if (!text.includes(before)) throw new Error(`${POOL} has no ${before}`)
    return text.replace(before, after)
  }, pool)
}

/** Words that say nothing of what a file is about. */
const COMMON = new Set([
  'src',
  'solvers',
  'test',
  'contracts',
  'ts',
  'of',
  'to',
  'and',
  'the',
  'cli',
  'index',
])

/** How likely a test is meant for a file, by the words of their names: `tableaux/dopri5.ts` for `tableaux.test.ts`. */
function nearness(test: string, file: string): number {
  if (basename(test, '.test.ts') === basename(file, '.ts')) return 20
  const words = wordsOf(file)
  const shared = [...wordsOf(test)].filter((word) => words.has(word)).length
  return (test.startsWith('test/contracts/') ? 2 : 1) + 4 * shared
}

function wordsOf(path: string): Set<string> {
  return new Set(path.split(/[^a-z0-9]+/i).filter((word) => word !== '' && !COMMON.has(word)))
}

const texts = new Map<string, string>()

function textOf(file: string): string {
  const text = texts.get(file) ?? readFileSync(join(root, file), 'utf8')
  texts.set(file, text)
  return text
}

function changedText(mutant: Mutant): string {
  const text = textOf(mutant.file)
  return text.slice(0, mutant.start) + mutant.replacement + text.slice(mutant.end)
}
