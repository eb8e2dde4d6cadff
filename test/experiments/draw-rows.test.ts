import { expect, test } from 'vitest'
import { dataProblem, drawRows } from '../../experiments/compare/data-problem.ts'
import { Random } from '../../src/random/random.ts'
import { runCli } from '../cli/in-process.ts'
import { WorkFolder } from '../cli/work-folder.ts'

const rows = Array.from({ length: 10 }, (_, i) => [i, (i * 7) % 10])
const file = { file: 'a.csv', columns: ['a', 'b'], skipped: 0, rowsInFile: rows.length }

test('takes as many rows as asked for, in their order, all where there are no more', () => {
  for (const count of [2, 5, 9]) {
    const drawn = drawRows(rows, count, new Random(count)).map(([first]) => first)
    expect(drawn).toHaveLength(count)
    expect([...drawn].sort((a, b) => a - b)).toEqual(drawn)
    expect(new Set(drawn).size).toBe(count)
  }
  expect(drawRows(rows, 10, new Random(0))).toEqual(rows)
  expect(drawRows(rows, 99, new Random(0))).toEqual(rows)
})

test('takes every pair of rows as often as any other', () => {
  const counts = new Map<string, number>()
  const random = new Random(1)
  for (let k = 0; k < 45_000; k++) {
    const pair = drawRows(rows, 2, random)
      .map(([first]) => first)
      .join()
    counts.set(pair, (counts.get(pair) ?? 0) + 1)
  }
  expect(counts.size).toBe(45)
  // χ² with 44 degrees of freedom: above 87 once in ten thousand
  const statistic = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
  expect(statistic).toBeLessThan(87)
})

test('the problem is made of the rows drawn, and says how many there were', () => {
  const { problem, data } = dataProblem(drawRows(rows, 4, new Random(2)), file)
  expect(data).toMatchObject({ rows: 4, rowsInFile: 10 })
  expect(problem.specification.data).toMatchObject({ kind: 'empirical', points: { length: 4 } })
  expect(problem.density.moments.mean[0]).toBeCloseTo(0, 12)
})

test.each([2 ** -1000, 2 ** 1015, 1])('standardises columns of the scale %d as any other', (scale) => {
  const { problem, data } = dataProblem(
    rows.map(([a, b]) => [scale * a, b]),
    file,
  )
  expect(problem.specification).toEqual(dataProblem(rows, file).problem.specification)
  expect(data.mean).toEqual([4.5 * scale, 4.5])
  expect(data.standardDeviation[0] / scale).toBeCloseTo(Math.sqrt(8.25), 12)
})

test('a first line of numbers is taken as data, and that is said', async () => {
  const folder = await WorkFolder.create({
    'years.csv': '2020,2021\n1,2\n3,4\n',
    'named.csv': 'a,b\n1,2\n3,4\n',
  })
  const run = (name: string) => runCli(['compare', '--data', folder.file(name), '--out', folder.file(name)])
  const { code, stderr } = await run('years.csv')
  expect(code).toBe(2)
  expect(stderr).toMatch(/^The first line of \S+ holds numbers and is taken as data; /)
  expect((await run('named.csv')).stderr).not.toContain('first line')
  await folder.remove()
})
