import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { killCompare } from '../../bench/kill/compare.ts'
import { line } from '../../bench/kill/problems.ts'
import { binary, startNode } from '../../bench/kill/process.ts'
import { Random } from '../../src/random/random.ts'
import { WorkFolder } from './work-folder.ts'

// `npm run -s bench -- kill --kills 100` has more kills, of the quick comparison as it is

const LONGEST = 120_000
const settings = fileURLToPath(new URL('../../dist/experiments/compare/settings.js', import.meta.url))

test(
  'compare goes on to the results of a run in one go, interrupted with the exit code 130',
  async () => {
    if (!existsSync(binary)) throw new Error('there is no build to test: npm run build')
    const folder = await WorkFolder.create({ 'problem.json': JSON.stringify(line) })
    const work = folder.path
    // the quick comparison with still smaller numbers
    await writeFile(
      `${work}/smaller.mjs`,
      `import { quick } from ${JSON.stringify(pathToFileURL(settings).href)}
       const loss = { steps: 600, intervals: 8 }
       Object.assign(quick, { trajectories: 64, samples: 32, ladderPoints: 8, eulerianNodes: 17, forwardMapNodes: 16 },
         { networks: { width: 8, layers: 1, batch: 16, pinn: loss, cd: loss, ct: loss } },
         { ladders: { characteristics: [1e-2], forwardMap: [16], eulerian: [17], samplers: [2] } })`,
    )
    const task = 'compare --problem problem.json --time 3 --quick --threads 1 --out'.split(' ')
    const found = await killCompare(work, 1, new Random(13), (out) =>
      startNode(['--import', './smaller.mjs', binary, ...task, out], work),
    )
    expect(found).toMatchObject({
      kills: 1,
      interrupts: 1,
      codes: [130],
      damaged: 0,
      finished: 1,
      identical: 1,
    })
    await folder.remove()
  },
  LONGEST,
)
