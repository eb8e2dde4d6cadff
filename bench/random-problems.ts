import { parseArgs } from 'node:util'
import { checkInteger } from '../src/errors.ts'
import { Random } from '../src/random/random.ts'
import { version } from '../src/version.ts'
import { type Comparison, compareMethods, type Verdict } from './random-problems/compare.ts'
import { type Drawn, drawProblem } from './random-problems/draw.ts'

const WORST = 10

interface Result extends Comparison {
  /** Its number in the seed: `--only` runs it alone. */
  readonly problem: number
  readonly name: string
  readonly time: number
  readonly specification?: Drawn['specification']
}

/**
 * Random problems over all kinds of data and processes, harsh ones among them: `exact` and the forward-map grid against characteristics at
 * rtol 1e-12. Counts what agrees, what is refused or warned of in a sentence, and what is silently wrong, and lists the worst ten. Prints a
 * line on stderr for everything that disagrees or crashes.
 */
export async function randomProblems(args: string[]): Promise<object> {
  const { values } = parseArgs({
    args,
    options: {
      count: { type: 'string', default: '500' },
      seed: { type: 'string', default: '0' },
      only: { type: 'string' },
    },
  })
  const count = checkInteger('--count', Number(values.count), 1)
  const seed = checkInteger('--seed', Number(values.seed), 0, 1e6)
  const only = values.only === undefined ? null : checkInteger('--only', Number(values.only), 0)
  const results: Result[] = []
  for (let k = only ?? 0; k < (only === null ? count : only + 1); k++) {
    const drawn = drawProblem(Random.stream(seed, `problem ${k}`), k)
    for (const comparison of await compareMethods(drawn, seed + k)) {
      const { name, time, specification } = drawn
      const silent = comparison.verdict === 'disagrees' || comparison.verdict === 'crashed'
      const result = {
        problem: k,
        name,
        time,
        ...comparison,
        ...((silent || only !== null) && { specification }),
      }
      results.push(result)
      if (silent) console.error(JSON.stringify(result))
    }
  }
  const counts: Record<string, Partial<Record<Verdict, number>>> = { exact: {}, grid: {} }
  for (const { method, verdict } of results) counts[method][verdict] = (counts[method][verdict] ?? 0) + 1
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
  return { count, seed, counts, worst, refusals, ...(only !== null && { results }), version }
}
