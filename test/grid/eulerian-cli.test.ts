import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gridMethod } from '../../solvers/grid/index.ts'
import { runCli } from '../cli/in-process.ts'
import { WorkFolder } from '../cli/work-folder.ts'
import { smoothLine } from './weighted-error.ts'

const problem = {
  process: { kind: 've' },
  data: { kind: 'mixture', weights: [0.5, 0.5], means: [-1.5, 1.5], stds: [0.8, 0.8] },
}
const x = Array.from({ length: 41 }, (_, i) => [-10 + i / 2])

let folder: WorkFolder
beforeAll(async () => {
  folder = await WorkFolder.create({ 'p.json': JSON.stringify(problem), 'x.json': JSON.stringify(x) })
})
afterAll(() => folder.remove())

function evaluate(out: string, ...rest: string[]) {
  const files = [
    `--problem=${folder.file('p.json')}`,
    `--points=${folder.file('x.json')}`,
    `--out=${folder.file(out)}`,
  ]
  return runCli(['evaluate', ...files, '--method=grid', '--time=5', ...rest])
}

describe('evaluate --mesh', () => {
  it('moves the nodes', async () => {
    const result = await evaluate('f.json', '--scheme=weno5', '--nodes=401', '--mesh=moving', '--threads=1')
    expect([result.code, result.stderr]).toEqual([0, ''])
    const f = JSON.parse(await readFile(folder.file('f.json'), 'utf8')) as number[][]
    const map = await gridMethod({ scheme: 'weno5', nodes: 401, mesh: 'moving' }).solveVe(smoothLine, {
      time: 5,
      seed: 0,
    })
    expect(f.flat()).toEqual([...map.evaluate(5, Float64Array.from(x.flat()))])
  })

  it('is refused where nodes do not move', async () => {
    const result = await evaluate(
      'g.json',
      '--scheme=chebyshev',
      '--nodes=33',
      '--mesh=moving',
      '--threads=1',
    )
    expect(result.code).toBe(2)
    expect(result.stderr).toContain('uniform for chebyshev')
    const other = await evaluate('g.json', '--nodes=33', '--mesh=shaken')
    expect([other.code, other.stderr.includes('--mesh')]).toEqual([2, true])
  })
})
