import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { convergenceFigures } from '../../experiments/convergence/figures.ts'
import { convergence } from '../../experiments/convergence/index.ts'
import { convergenceReport } from '../../experiments/convergence/report-page.ts'
import { quick as convergenceQuick } from '../../experiments/convergence/settings.ts'
import { pdeFigures } from '../../experiments/pde/figures.ts'
import { pdeStudy } from '../../experiments/pde/index.ts'
import { quick as pdeQuick } from '../../experiments/pde/settings.ts'
import { withoutTimes } from '../../experiments/without-times.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import type { Figure } from '../../src/figures/index.ts'
import { reportHtml } from '../../src/report/index.ts'

const problem = createProblem({
  process: { kind: 've' },
  data: { kind: 'mixture', weights: [0.5, 0.5], means: [-1.5, 1.5], stds: [0.8, 0.8] },
})

const untimed = (figures: readonly Figure[]) => figures.filter(({ svg }) => !/CPU/.test(svg))

it('withoutTimes leaves out what is named in seconds, at any depth', () => {
  const results = { a: [{ buildSeconds: 1, error: 2 }], secondsPerStep: [3], microseconds: 4, steps: 5 }
  expect(withoutTimes(results)).toEqual({ a: [{ error: 2 }], steps: 5 })
  expect(withoutTimes([null, 'seconds', 1])).toEqual([null, 'seconds', 1])
})

it('convergence gives the same bytes twice, but for seconds', async () => {
  const networks = {
    ...convergenceQuick.networks,
    ...{ trajectories: 50, batch: 32, steps: 8, width: 4, dimensionSteps: 4, dimensionWidth: 8 },
    ...{ eachIntervals: [4], eachSteps: [8], eachWidth: [4], eachDimension: [3] },
  }
  const settings = { ...convergenceQuick, trajectories: 50, networks }
  const run = async (seed: number) => {
    const study = await convergence({ problem, time: 5, seed, settings })
    return { study, figures: convergenceFigures(study) }
  }
  const [one, two, other] = [await run(3), await run(3), await run(4)]
  const bytes = ({ study }: typeof one) => JSON.stringify(withoutTimes(study))
  expect(bytes(two)).toBe(bytes(one))
  expect(bytes(other)).not.toBe(bytes(one))
  expect(untimed(two.figures)).toEqual(untimed(one.figures))
  expect(untimed(one.figures)).toHaveLength(3)
  // the page is made of the results and the figures alone
  const page = reportHtml(convergenceReport(one.study, one.figures))
  expect(reportHtml(convergenceReport(structuredClone(one.study), one.figures))).toBe(page)
}, 60_000)

it('pde gives the same numbers twice, but for seconds', async () => {
  const [line] = pdeQuick.problems
  const problems = [
    { ...line, weno5: [17, 33], forwardMap: [16], characteristics: [1e-2], pinn: [5], cd: [5] },
  ]
  const run = () => pdeStudy({ seed: 2, settings: { trajectories: 50, milliseconds: 1, problems } })
  const [one, two] = [await run(), await run()]
  expect(JSON.stringify(withoutTimes(two))).toBe(JSON.stringify(withoutTimes(one)))
  expect(JSON.stringify(withoutTimes(one))).toContain('"family":"WENO5 grid"')
  const untimedNames = untimed(pdeFigures(one)).map(({ name }) => name)
  expect(untimedNames).not.toContain('pde-cpu')
}, 60_000)

it('scripts/same-experiments.js passes over measured times and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'same-'))
  try {
    const write = async (run: string, files: Readonly<Record<string, string>>) => {
      for (const [name, text] of Object.entries(files)) {
        await mkdir(join(folder, run, name, '..'), { recursive: true })
        await writeFile(join(folder, run, name), text)
      }
    }
    const timed = (seconds: number) => ({
      'pde/results.json': JSON.stringify({ error: 1, seconds }),
      'pde/report.html': `took ${seconds}`,
      'pde.txt': `took ${seconds}`,
      'pde/figures/cpu.svg': `<text>CPU seconds</text>${seconds}`,
      'pde/figures/error.svg': '<text>error</text>',
    })
    const compare = (other: string) => {
      const script = fileURLToPath(new URL('../../scripts/same-experiments.js', import.meta.url))
      const { status, stdout } = spawnSync(process.execPath, [script, 'one', other], {
        cwd: folder,
        encoding: 'utf8',
      })
      return { status, different: Array.from(stdout.matchAll(/different: (.*)/g), (match) => match[1]) }
    }
    await write('one', timed(1))
    await write('two', timed(2))
    expect(compare('two')).toEqual({ status: 0, different: [] })
    await write('two', {
      'pde/results.json': JSON.stringify({ error: 1.5, seconds: 1 }),
      'pde/figures/error.svg': '<text>error</text><path/>',
      'marginals.txt': 'new',
    })
    expect(compare('two')).toEqual({
      status: 1,
      different: ['marginals.txt', 'pde/figures/error.svg', 'pde/results.json'],
    })
  } finally {
    await rm(folder, { recursive: true })
  }
})
