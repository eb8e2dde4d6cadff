import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkInteger, InputError } from '../src/errors.ts'
import { Random } from '../src/random/random.ts'
import { commands, writeFiles } from './faults/commands.ts'
import { limits, limitTrial } from './faults/limits.ts'
import { signalTrials } from './faults/signals.ts'
import { binary } from './kill/process.ts'

/**
 * Runs commands under limits of the system and with broken streams, and sends signals to every command at random moments. `ok` says whether all
 * ended as they should, the signals within two seconds.
 */
export async function faults(args: string[]): Promise<object> {
  const { values } = parseArgs({
    args,
    options: { count: { type: 'string', default: '200' }, seed: { type: 'string', default: '0' } },
  })
  const count = checkInteger('--count', Number(values.count), 0, 10_000)
  const seed = checkInteger('--seed', Number(values.seed), 0, 2 ** 31 - 1)
  if (!existsSync(binary)) throw new InputError('the build', 'missing', 'npm run build first')
  const folder = await mkdtemp(join(tmpdir(), 'faults-'))
  try {
    await writeFiles(folder)
    await writeFile(join(folder, 'few.json'), '[[1, 2], [3, 4]]')
    const failures: string[] = []
    for (const [name, limit] of Object.entries(limits)) {
      const wrong = await limitTrial(limit, folder)
      if (wrong !== null) failures.push(`${name}: ${wrong}`)
      console.error(`${name}: ${wrong ?? 'as it should be'}`)
    }
    const signals = await signalTrials(commands, folder, count, Random.stream(seed, 'signals'))
    return {
      ok: failures.length + signals.failures.length === 0 && signals.worst <= 2,
      limits: failures,
      signals,
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
