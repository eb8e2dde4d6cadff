import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkInteger } from '../../src/errors.ts'
import { Random } from '../../src/random/random.ts'
import { createCompiler } from './compiler.ts'
import { equivalent } from './equivalent.ts'
import { judge, type Verdict } from './judge.ts'
import { type Mutant, mutantsOf } from './places.ts'
import { root } from './tree.ts'

// AssemblyScript and what is generated are built before tests run; a report's client runs in a browser
const LEFT_OUT = /\/(assembly|generated|client)\/|\.d\.ts$/

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100' },
    seed: { type: 'string', default: '0' },
    /** Only files whose path contains this. */
    files: { type: 'string', default: '' },
    /** Of tests for a mutant at most, on average. */
    seconds: { type: 'string', default: '60' },
    /** Where verdicts are appended, a line of JSON each: what is there already is not judged again. */
    out: { type: 'string' },
    /** Only lists the mutants. */
    list: { type: 'boolean', default: false },
  },
})
const count = checkInteger('--count', Number(values.count), 1, 10_000)
const seed = checkInteger('--seed', Number(values.seed), 0, 2 ** 31 - 1)
const seconds = checkInteger('--seconds', Number(values.seconds), 1, 86_400)
const results = join(root, 'results', 'mutants')
const out = values.out ?? join(results, `seed-${seed}.jsonl`)

interface Line extends Mutant {
  readonly outcome: Verdict['outcome'] | 'equivalent'
  readonly by: string
}

const sources = ['src', 'solvers', 'experiments', 'cli']
  .flatMap(filesIn)
  .filter((file) => !LEFT_OUT.test(file))
/** Their texts as they were at the start. */
const texts = new Map(sources.map((file) => [file, readFileSync(join(root, file), 'utf8')]))

const chosen = draw()
if (values.list) for (const mutant of chosen) console.log(describe(mutant))
else await judgeAll()

/** Files by their length, then a change in each that the compiler takes: the same for the same seed and sources. */
function draw(): Mutant[] {
  const random = Random.stream(seed, 'mutants')
  const compiler = createCompiler()
  const files = sources
    .filter((file) => file.includes(values.files))
    .map((file) => ({ file, mutants: mutantsOf(file, textOf(file)), lines: textOf(file).split('\n').length }))
    .filter(({ mutants }) => mutants.length > 0)
  const total = files.reduce((sum, { lines }) => sum + lines, 0)
  const drawn = new Map<string, Mutant>()
  for (let tries = 0; drawn.size < count && tries < 100 * count; tries++) {
    const place = random.uniform() * total
    let before = 0
    const { file, mutants } =
      files.find(({ lines }) => {
        before += lines
        return place < before
      }) ?? files[files.length - 1]
    const mutant = mutants[random.integer(mutants.length)]
    if (drawn.has(keyOf(mutant)) || compiler.refuses(file, changedText(mutant))) continue
    drawn.set(keyOf(mutant), mutant)
  }
  return [...drawn.values()]
}

async function judgeAll(): Promise<void> {
  mkdirSync(dirname(out), { recursive: true })
  const done = new Set(readLines().map(keyOf))
  const left = chosen.filter((mutant) => !done.has(keyOf(mutant)))
  let count = done.size
  const keep = (mutant: Mutant, verdict: Pick<Line, 'outcome' | 'by'>) => {
    appendFileSync(out, `${JSON.stringify({ ...mutant, ...verdict } satisfies Line)}\n`)
    console.error(`${++count}/${chosen.length} ${verdict.outcome}: ${describe(mutant)}   [${verdict.by}]`)
  }
  const unknown = left.filter((mutant) => {
    const verdict = known(mutant)
    if (verdict) keep(mutant, verdict)
    return !verdict
  })
  const tests = filesIn('test').filter((file) => file.endsWith('.test.ts'))
  if (unknown.length > 0) await judge(unknown, tests, seconds, keep)
  report(readLines())
}

function known(mutant: Mutant): Pick<Line, 'outcome' | 'by'> | null {
  const entry = equivalent.find(
    ({ file, line, replacement }) =>
      file === mutant.file &&
      line === lineOf(mutant) &&
      (replacement ?? mutant.replacement) === mutant.replacement,
  )
  return entry ? { outcome: 'equivalent', by: entry.why } : null
}

/** The last verdict of each mutant that this seed draws now. */
function readLines(): Line[] {
  const wanted = new Set(chosen.map(keyOf))
  const last = new Map<string, Line>()
  if (existsSync(out))
    for (const text of readFileSync(out, 'utf8').split('\n').slice(0, -1)) {
      const line = JSON.parse(text) as Line
      if (wanted.has(keyOf(line))) last.set(keyOf(line), line)
    }
  return [...last.values()]
}

function report(lines: readonly Line[]): void {
  const number = (outcome: Line['outcome']) => lines.filter((line) => line.outcome === outcome).length
  for (const outcome of ['survived', 'not reached', 'not decided', 'equivalent'] as const)
    for (const line of lines)
      if (line.outcome === outcome) console.log(`${outcome}: ${describe(line)}   [${line.by}]`)
  const counted = lines.length - number('equivalent')
  console.log(
    `${number('killed')} of ${counted} killed (${((100 * number('killed')) / counted).toFixed(0)} %), ` +
      `${number('survived')} survived, ${number('not reached')} that no test runs, ` +
      `${number('not decided')} not decided in ${seconds} s and counted as alive, ` +
      `${number('equivalent')} equivalent ones left out, seed ${seed}`,
  )
}

function textOf(file: string): string {
  const text = texts.get(file)
  if (text === undefined) throw new Error(`${file} is no source file`)
  return text
}

function changedText({ file, start, end, replacement }: Mutant): string {
  const text = textOf(file)
  return text.slice(0, start) + replacement + text.slice(end)
}

function keyOf({ file, start, end, replacement }: Mutant): string {
  return `${file} ${start} ${end} ${replacement}`
}

/** All TypeScript files in a folder of the project, by name. */
function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}/${file}`)
    .sort()
}

function lineOf({ file, line }: Mutant): string {
  return textOf(file).split('\n')[line - 1].trim()
}

function describe(mutant: Mutant): string {
  const short = (code: string) => code.replace(/\s+/g, ' ').slice(0, 60)
  const { file, line, operator, original, replacement } = mutant
  return `${file}:${line} ${operator}: ${short(original)} → ${short(replacement)}   | ${lineOf(mutant).slice(0, 90)}`
}
