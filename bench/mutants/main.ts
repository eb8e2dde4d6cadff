import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkInteger } from '../../src/errors.ts'
import { Random } from '../../src/random/random.ts'
import { equivalent } from './equivalent.ts'
import { type Mutant, mutantsOf } from './places.ts'
import { durationsOfTests, relatedTests } from './related.ts'
import { copyOfProject, root, type Tree } from './tree.ts'

// AssemblyScript and what is generated are built before tests run; a report's client runs in a browser
const LEFT_OUT = /\/(assembly|generated|client)\/|\.d\.ts$/
// seconds of tests in the first two runs for a mutant: what is quick and near comes first
const RUNS = [5, 25]
// an import between a test and the file counts as so many seconds
const FAR = 2

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100' },
    seed: { type: 'string', default: '0' },
    /** Only files whose path contains this. */
    files: { type: 'string', default: '' },
    /** Seconds of tests a mutant at most, by what the tests took before. */
    seconds: { type: 'string', default: '60' },
    /** Of one run of tests, in seconds: what takes longer is killed. */
    limit: { type: 'string', default: '240' },
    jobs: { type: 'string', default: '2' },
    /** Leaves out the first ones: to go on with a run. */
    from: { type: 'string', default: '0' },
    /** Only lists the mutants. */
    list: { type: 'boolean', default: false },
  },
})
const count = checkInteger('--count', Number(values.count), 1, 10_000)
const seed = checkInteger('--seed', Number(values.seed), 0, 2 ** 31 - 1)
const limit = checkInteger('--limit', Number(values.limit), 1, 86_400)
const seconds = checkInteger('--seconds', Number(values.seconds), 1, 86_400)
const from = checkInteger('--from', Number(values.from), 0, count - 1)
const jobs = checkInteger('--jobs', Number(values.jobs), 1, 64)

interface Verdict {
  readonly mutant: Mutant
  readonly outcome: 'killed' | 'killed by the compiler' | 'equivalent' | 'survived' | 'untested'
  readonly by: string
}

const related = relatedTests(
  root,
  filesIn('test').filter((file) => file.endsWith('.test.ts')),
)
/** Sources as they were at the start. */
const sources = new Map<string, string>()
/** Milliseconds of test files. */
const durations = durationsOfTests(root)
/** Tests that pass without any change. */
const passing = new Map<string, boolean>()

const chosen = choose().slice(from)
if (values.list) for (const mutant of chosen) console.log(text(mutant))
else await judgeAll()

/** Files by their length, then a place in each: the same for the same seed and sources. */
function choose(): Mutant[] {
  const random = Random.stream(seed, 'mutants')
  const files = ['src', 'solvers', 'experiments', 'cli']
    .flatMap(filesIn)
    .filter((file) => !LEFT_OUT.test(file) && file.includes(values.files))
    .map((file) => ({ file, mutants: mutantsOf(file, read(file)), lines: read(file).split('\n').length }))
    .filter(({ mutants }) => mutants.length > 0)
  const total = files.reduce((sum, { lines }) => sum + lines, 0)
  const drawn = new Map<string, Mutant>()
  for (let tries = 0; drawn.size < count && tries < 100 * count; tries++) {
    const place = random.uniform() * total
    let before = 0
    const { mutants } =
      files.find(({ lines }) => {
        before += lines
        return place < before
      }) ?? files[files.length - 1]
    const mutant = mutants[random.integer(mutants.length)]
    drawn.set(`${mutant.file} ${mutant.start} ${mutant.replacement}`, mutant)
  }
  return [...drawn.values()]
}

async function judgeAll(): Promise<void> {
  const verdicts: Verdict[] = []
  const queue = [...chosen]
  const worker = async () => {
    const tree = await copyOfProject()
    try {
      for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
        const verdict = await judge(tree, mutant)
        verdicts.push(verdict)
        console.log(
          `${verdicts.length}/${chosen.length} ${verdict.outcome}: ${text(mutant)}   [${verdict.by}]`,
        )
      }
    } finally {
      await tree.remove()
    }
  }
  await Promise.all(Array.from({ length: Math.min(jobs, chosen.length) }, worker))
  const number = (...outcomes: Verdict['outcome'][]) =>
    verdicts.filter(({ outcome }) => outcomes.includes(outcome)).length
  const killed = number('killed', 'killed by the compiler')
  const counted = verdicts.length - number('equivalent')
  for (const outcome of ['survived', 'untested', 'equivalent'] as const)
    for (const verdict of verdicts)
      if (verdict.outcome === outcome) console.log(`${outcome}: ${text(verdict.mutant)}`)
  console.log(
    `${killed} of ${counted} killed (${((100 * killed) / counted).toFixed(0)} %), ${number('equivalent')} equivalent, seed ${seed}`,
  )
}

async function judge(tree: Tree, mutant: Mutant): Promise<Verdict> {
  const known = equivalent.find(
    ({ file, line, replacement }) =>
      file === mutant.file && line === lineOf(mutant) && replacement === mutant.replacement,
  )
  if (known) return { mutant, outcome: 'equivalent', by: known.why }
  const source = read(mutant.file)
  const changed = source.slice(0, mutant.start) + mutant.replacement + source.slice(mutant.end)
  const runs = runsFor(mutant.file)
  for (const part of runs) {
    const outcome = await tree.with(mutant.file, changed, () => tree.tests(part, limit))
    if (outcome === 'too long') {
      const start = performance.now()
      const clean = await tree.tests(part, limit)
      if (clean === 'passed' && performance.now() - start < 500 * limit)
        return { mutant, outcome: 'killed', by: 'no end' }
    }
    if (outcome === 'failed' && (await pass(tree, part)))
      return { mutant, outcome: 'killed', by: `${part[0]}, …` }
  }
  if ((await tree.with(mutant.file, changed, tree.typecheck)) === 'failed')
    return { mutant, outcome: 'killed by the compiler', by: 'tsc' }
  const tests = runs.flat().length
  return { mutant, outcome: tests > 0 ? 'survived' : 'untested', by: `${tests} test files` }
}

/** The tests of a file in the order in which they are run: up to 5 seconds, up to 25, and the rest. */
function runsFor(file: string): string[][] {
  const tests = [...(related.get(file) ?? [])]
    .map(([test, distance]) => ({ test, cost: durationOf(test), rank: durationOf(test) + FAR * distance }))
    .sort((a, b) => a.rank - b.rank || a.test.localeCompare(b.test))
  const runs: string[][] = [[], [], []]
  let sum = 0
  for (const { test, cost } of tests) {
    if (sum > 0 && sum + cost > seconds) continue
    sum += cost
    const at = RUNS.findIndex((most) => sum <= most)
    runs[at < 0 ? 2 : at].push(test)
  }
  return runs.filter((run) => run.length > 0)
}

/** Seconds that a test file took when vitest last ran it here; a guess where it did not. */
function durationOf(test: string): number {
  return (durations.get(test) ?? (/^test\/(cli|experiments|playground)/.test(test) ? 20_000 : 4000)) / 1000
}

/** Whether tests pass as they are: a failure counts only then. */
async function pass(tree: Tree, tests: readonly string[]): Promise<boolean> {
  const unknown = tests.filter((test) => !passing.has(test))
  if (unknown.length > 0) {
    const good = (await tree.tests(unknown, 4 * limit)) === 'passed'
    for (const test of unknown) passing.set(test, good)
  }
  return tests.every((test) => passing.get(test))
}

function read(file: string): string {
  const known = sources.get(file) ?? readFileSync(join(root, file), 'utf8')
  sources.set(file, known)
  return known
}

/** All TypeScript files in a folder of the project, by name. */
function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}/${file}`)
    .sort()
}

function lineOf({ file, line }: Mutant): string {
  return read(file).split('\n')[line - 1].trim()
}

function text(mutant: Mutant): string {
  const short = (code: string) => code.replace(/\s+/g, ' ').slice(0, 60)
  const { file, line, operator, original, replacement } = mutant
  return `${file}:${line} ${operator}: ${short(original)} → ${short(replacement)}   | ${lineOf(mutant).slice(0, 90)}`
}
