import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkInteger, InputError } from '../src/errors.ts'
import { Random } from '../src/random/random.ts'
import { killCompare } from './kill/compare.ts'
import { killEvaluate } from './kill/evaluate.ts'
import { line } from './kill/problems.ts'
import { binary, startNode } from './kill/process.ts'
import { killTrain } from './kill/train.ts'

/**
 * Kills `evaluate`, `train` and `compare` at random moments of their work and counts the files that are damaged after each kill, and
 * whether what goes on ends where an uninterrupted run ends. `ok` says whether all is as it should be.
 */
export async function kill(args: string[]): Promise<object> {
  const { values } = parseArgs({
    args,
    options: {
      kills: { type: 'string', default: '100' },
      'compare-kills': { type: 'string' },
      seed: { type: 'string', default: '0' },
    },
  })
  const kills = checkInteger('--kills', Number(values.kills), 1, 10_000)
  const few = checkInteger(
    '--compare-kills',
    Number(values['compare-kills'] ?? Math.ceil(kills / 5)),
    0,
    10_000,
  )
  const seed = checkInteger('--seed', Number(values.seed), 0, 2 ** 31 - 1)
  if (!existsSync(binary)) throw new InputError('the build', 'missing', 'npm run build first')
  const folder = await mkdtemp(join(tmpdir(), 'kill-'))
  const part = async (name: string) => {
    await mkdir(join(folder, name))
    return join(folder, name)
  }
  const stream = (name: string) => Random.stream(seed, `kills of ${name}`)
  try {
    const evaluate = await killEvaluate(await part('evaluate'), kills, stream('evaluate'))
    console.error(`evaluate: ${JSON.stringify(evaluate)}`)
    const train = await killTrain(await part('train'), kills, stream('train'))
    console.error(`train: ${JSON.stringify({ ...train, steps: train.steps.at(-1) })}`)
    const compareFolder = await part('compare')
    await writeFile(join(compareFolder, 'problem.json'), JSON.stringify(line))
    const task = [binary, 'compare', '--problem', 'problem.json', '--time', '3', '--quick', '--threads', '1']
    const compare = await killCompare(compareFolder, few, stream('compare'), (out) =>
      startNode([...task, '--out', out], compareFolder),
    )
    console.error(`compare: ${JSON.stringify(compare)}`)
    const damaged = evaluate.damaged + train.damaged + compare.damaged
    const resumed = train.identical && compare.identical === compare.finished
    return {
      ok: damaged === 0 && resumed && compare.codes.every((code) => code === 130),
      damaged,
      evaluate,
      train,
      compare,
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
