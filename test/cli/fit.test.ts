import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, expect, it } from 'vitest'
import { readProblem } from '../../src/create/read-problem.ts'
import { Random } from '../../src/random/random.ts'
import { runCli } from './in-process.ts'
import { WorkFolder } from './work-folder.ts'

const folder = await WorkFolder.create({})
afterAll(() => folder.remove())
const random = new Random(4)

/** Images of two kinds, 4 × 3 pixels of whole numbers. */
function imagesNpy(n: number): Uint8Array {
  const head = `{'descr': '|u1', 'fortran_order': False, 'shape': (${n}, 4, 3), }`
  const text = `${head.padEnd(118 - 1)}\n`
  const bytes = new Uint8Array(10 + text.length + n * 12)
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length, 0])
  bytes.set(new TextEncoder().encode(text), 10)
  for (let i = 0; i < n * 12; i++)
    bytes[10 + text.length + i] = 100 + 60 * (Math.floor(i / 12) % 2) + 10 * random.normal()
  return bytes
}

it('fits images, shows what it chose from, and writes a problem that is read again', async () => {
  const [data, out] = [folder.file('images.npy'), folder.file('fit.json')]
  writeFileSync(data, imagesNpy(200))
  const { code, stdout } = await runCli([
    ...['fit', '--data', data, '--components', '1,2', '--factors', '1', '--out', out],
  ])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^components {2}factors {2}log-likelihood a row {2}on rows held out/)
  expect(stdout).toContain('2 components of 1 factor, fitted to 160 rows, 40 held out.')
  const { density } = await readProblem(out)
  expect([density.kind, density.dimension]).toEqual(['mixture', 12])
  expect(density.moments.mean[0]).toBeGreaterThan(120)
  const again = await runCli([
    'fit',
    '--data',
    data,
    '--components',
    '2',
    '--factors',
    '1',
    '--out',
    out,
    '--json',
  ])
  const numbers = JSON.parse(again.stdout)
  expect(numbers).toMatchObject({ components: 2, factors: 1, rows: 160, rowsHeldOut: 40, seed: 0 })
  expect(numbers.curve.at(-1)).toBe(numbers.logLikelihood)
})

it('takes columns of a table', async () => {
  const [data, out] = [folder.file('table.csv'), folder.file('table.json')]
  const rows = Array.from({ length: 40 }, () => `${random.normal()},x,${5 + random.normal()}`)
  writeFileSync(data, `a,name,b\n${rows.join('\n')}\n`)
  const { code, stderr } = await runCli([
    ...['fit', '--data', data, '--columns', 'a,b', '--components', '1', '--out', out],
  ])
  expect([code, stderr]).toEqual([0, ''])
  expect(JSON.parse(readFileSync(out, 'utf8')).data.means[0]).toHaveLength(2)
})

it.each([
  [
    ['--components', '2,x'],
    '--components is "2,x"; expected whole numbers of at least 1, separated by commas.',
  ],
  [['--components', '50'], 'components is 50; expected at most 32, the number of rows to fit.'],
  [['--factors', '3'], 'factors is 3; expected at most 1, in 2 dimensions.'],
])('refuses %j in one sentence', async (options, words) => {
  const [data, out] = [folder.file('small.csv'), folder.file('small.json')]
  writeFileSync(data, `a,b\n${Array.from({ length: 40 }, (_, i) => `${i},${i * i}`).join('\n')}\n`)
  const { code, stderr } = await runCli(['fit', '--data', data, '--out', out, ...options])
  expect([code, stderr]).toEqual([2, `${words}\n`])
})
