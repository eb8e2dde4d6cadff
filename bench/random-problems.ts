import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { checkInteger, checkNumber } from '../src/errors.ts'
import { Random } from '../src/random/random.ts'
import { version } from '../src/version.ts'
import { type Comparison, compareMethods, METHODS, type Verdict } from './random-problems/compare.ts'
import { type Drawn, drawProblem } from './random-problems/draw.ts'

const WORST = 10
const SLOWEST = 5
const EVERY = 10

interface Result extends Comparison {
  /** Its number in the seed: `--only` runs it alone. */
  readonly problem: number
  readonly name: string
  readonly time: number
  /** CPU time of all methods on the problem, in seconds. */
  readonly seconds: number
  readonly specification?: Drawn['specification']
}

/**
 * Random problems over all kinds of data and processes, harsh ones among them: `exact` and the forward-map grid against characteristics at
 * rtol 1e-12. Counts what agrees, what is refused or warned of in a sentence, what is not finished within `--limit` seconds, and what is silently
 * wrong, and lists the worst ten and the slowest five. Prints a line on stderr for everything that disagrees, crashes or does not end, and the
 * counts so far after every tenth problem. The problems are shared between `--processes`.
 */
export async function randomProblems(args: string[]): Promise<object> {
  const { values } = parseArgs({
    args,
    options: {
      count: { type: 'string', default: '500' },
      seed: { type: 'string', default: '0' },
      processes: { type: 'string', default: '2' },
      limit: { type: 'string', default: '300' },
      only: { type: 'string' },
      // of the command itself: problems by their numbers on stdin, a line of results each on stdout
      serve: { type: 'boolean', default: false },
    },
  })
  const count = checkInteger('--count', Number(values.count), 1)
  const seed = checkInteger('--seed', Number(values.seed), 0, 1e6)
  const processes = checkInteger('--processes', Number(values.processes), 1, 64)
  const limit = checkNumber('--limit', Number(values.limit), 1, 1e5)
  const only = values.only === undefined ? null : checkInteger('--only', Number(values.only), 0)
  if (values.serve) {
    for await (const line of createInterface({ input: process.stdin }))
      console.log(JSON.stringify(await resultsOf(seed, Number(line))))
    return {}
  }
  const results: Result[] = []
  const counts: Record<string, Partial<Record<Verdict, number>>> = {}
  let done = 0
  const add = (of: readonly Result[]) => {
    for (const result of of) {
      const { method, verdict, specification, ...rest } = result
      const wrong = verdict !== 'agrees' && verdict !== 'refused' && verdict !== 'warned'
      const keep = wrong || only !== null
      results.push({ method, verdict, ...rest, ...(keep && { specification }) })
      counts[method] ??= {}
      counts[method][verdict] = (counts[method][verdict] ?? 0) + 1
      if (wrong) console.error(JSON.stringify(result))
    }
    done++
    if (done % EVERY === 0) console.error(`${done} of ${count} problems: ${JSON.stringify(counts)}`)
  }
  if (only !== null) add(await resultsOf(seed, only))
  else {
    let next = 0
    await Promise.all(
      Array.from({ length: Math.min(processes, count) }, () =>
        work(seed, limit, () => (next < count ? next++ : null), add),
      ),
    )
  }
  const refusals: Record<string, number> = {}
  for (const { message, verdict } of results)
    if (verdict === 'refused') {
      // the same sentence whatever its figures
      const sentence = (message ?? '').replace(/-?\d[\d.e+-]*/g, '#').slice(0, 120)
      refusals[sentence] = (refusals[sentence] ?? 0) + 1
    }
  const worst = results
    .filter(({ excess, verdict }) => excess !== null && verdict !== 'warned')
    .sort((a, b) => (b.excess ?? 0) - (a.excess ?? 0))
    .slice(0, WORST)
  const slowest = results
    .filter(({ method }) => method === 'exact')
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, SLOWEST)
    .map(({ problem, name, seconds }) => ({ problem, name, seconds }))
  return { count, seed, counts, worst, slowest, refusals, ...(only !== null && { results }), version }
}

/** Both methods on problem k of a seed. */
async function resultsOf(seed: number, k: number): Promise<Result[]> {
  const start = process.cpuUsage()
  const drawn = drawProblem(Random.stream(seed, `problem ${k}`), k)
  const comparisons = await compareMethods(drawn, seed + k)
  const { user, system } = process.cpuUsage(start)
  const { name, time, specification } = drawn
  const seconds = (user + system) / 1e6
  return comparisons.map((own) => ({ problem: k, name, time, seconds, ...own, specification }))
}

/** Has problems worked on one after another in a process of its own; one that takes too long ends with its process. */
async function work(
  seed: number,
  limit: number,
  next: () => number | null,
  add: (results: Result[]) => void,
): Promise<void> {
  let child: ChildProcess | null = null
  for (let k = next(); k !== null; k = next()) {
    child ??= server(seed)
    const results = await answer(child, k, limit)
    if (!results) {
      child.kill('SIGKILL')
      child = null
      const { name, time, specification } = drawProblem(Random.stream(seed, `problem ${k}`), k)
      const lost = { problem: k, name, time, seconds: limit, verdict: 'unfinished' as const, excess: null }
      add(METHODS.map((method) => ({ ...lost, method, specification })))
    } else add(results)
  }
  child?.stdin?.end()
}

function server(seed: number): ChildProcess {
  const args = ['random-problems', '--serve', '--seed', String(seed)]
  return spawn(process.execPath, [...process.execArgv, process.argv[1] as string, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
}

/** What the process finds for problem k; null where it does not within the limit, or dies of it. */
function answer(child: ChildProcess, k: number, limit: number): Promise<Result[] | null> {
  return new Promise((resolve) => {
    const { stdin, stdout } = child
    if (!stdin || !stdout) return resolve(null)
    let text = ''
    const end = (results: Result[] | null) => {
      clearTimeout(timer)
      stdout.off('data', read)
      child.off('exit', dead)
      resolve(results)
    }
    const read = (chunk: Buffer) => {
      text += chunk
      if (text.endsWith('\n')) end(JSON.parse(text))
    }
    const dead = () => end(null)
    const timer = setTimeout(dead, 1000 * limit)
    stdout.on('data', read)
    child.on('exit', dead)
    stdin.write(`${k}\n`)
  })
}
