import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { withoutThreads } from '../../bench/mutants/judge.ts'
import { mutantsOf } from '../../bench/mutants/places.ts'
import { relatedTests } from '../../bench/mutants/related.ts'
import { withSwitches } from '../../bench/mutants/switches.ts'

// each of these lines would go on with the line before, were a parenthesis put before it
const text = `
const seen: unknown[] = []
const header = [0]
const values = (from: number, length: number) => ({ set: (all: number[]) => seen.push(from, length, ...all) })
header[0] = 3
values(1, header[0]).set([4, 5])
if (header[0] > 2) seen.push(true, 'big')
else seen.push(false, 'small')
seen.push(Math.max(1, 2), 7)
`

function run(code: string, active: number | null): unknown {
  const body = `${code}\nreturn seen`.replaceAll(': unknown[]', '').replaceAll(/: number(\[\])?/g, '')
  globalThis.__mutant = (number) => number === active
  return new Function(body)()
}

it('mutants that are switched off change nothing, and each one that is on does what its own text does', () => {
  const all = mutantsOf('source.ts', text).map((mutant, number) => ({ mutant, number }))
  expect(all.length).toBeGreaterThan(8)
  const switched = withSwitches(text, all)
  expect(run(switched, null)).toEqual([1, 3, 4, 5, true, 'big', 2, 7])
  for (const { mutant, number } of all) {
    const changed = text.slice(0, mutant.start) + mutant.replacement + text.slice(mutant.end)
    const wanted = attempt(() => run(changed, null))
    expect(attempt(() => run(switched, number))).toEqual(wanted)
  }
})

it('the pool of the project can be given no threads', () => {
  const pool = readFileSync('src/parallel/pool.ts', 'utf8')
  expect(withoutThreads(pool)).not.toContain('workerModule(worker)')
})

it('tests are related to what they import by a pattern', () => {
  const test = 'test/contracts/experiment-settings.test.ts'
  expect(relatedTests('.', [test]).get('experiments/coupling/settings.ts')).toEqual(new Map([[test, 1]]))
})

/** What a function returns, or that it fails. */
function attempt(action: () => unknown): unknown {
  try {
    return action()
  } catch (error) {
    return (error as Error).name
  }
}
