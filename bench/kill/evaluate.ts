import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { formatNpy } from '../../src/io/npy.ts'
import { points } from '../../src/points/points.ts'
import type { Random } from '../../src/random/random.ts'
import { TEMPORARY } from './damage.ts'
import { binary, type Running, startNode, succeed, waitFor } from './process.ts'

const POINTS = 100_000
const OLD = 'what was there'
const PROBLEM = {
  process: { kind: 've' },
  data: { kind: 'gaussian', mean: [1], covariance: [[4]] },
}
const TASK = 'evaluate --problem problem.json --method exact --time 3 --points x.npy --out out.csv'

interface EvaluateKills {
  readonly kills: number
  /** What was found under the name of the result: the old file, the new one, or neither. */
  readonly old: number
  readonly new: number
  readonly damaged: number
  /** Kills that left a temporary file. */
  readonly whileWriting: number
}

/** Kills `evaluate` again and again while it writes over a file. */
export async function killEvaluate(folder: string, kills: number, random: Random): Promise<EvaluateKills> {
  const x = points(
    Float64Array.from({ length: POINTS }, (_, i) => Math.sin(i)),
    1,
  )
  await writeFile(join(folder, 'problem.json'), JSON.stringify(PROBLEM))
  await writeFile(join(folder, 'x.npy'), formatNpy(x))
  const out = join(folder, 'out.csv')
  const start = () => startNode([binary, ...TASK.split(' ')], folder)
  const temporary = async () => (await readdir(folder)).filter((name) => TEMPORARY.test(name))
  // moments count from the first temporary file, that of the check that the folder can be written to
  const writing = (running: Running) => waitFor(running, async () => (await temporary()).length > 0)
  const partly = async () => {
    const sizes = await Promise.all(
      (await temporary()).map((name) =>
        stat(join(folder, name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    )
    return sizes.some((size) => size > 0)
  }
  const first = start()
  await writing(first)
  const began = performance.now()
  await succeed(first)
  const longest = 1.2 * (performance.now() - began)
  const whole = await readFile(out, 'utf8')
  const found = { old: 0, new: 0, damaged: 0, whileWriting: 0 }
  for (let k = 0; k < kills; k++) {
    await writeFile(out, OLD)
    const running = start()
    await writing(running)
    // every other one in the middle of the result
    if (k % 2 === 0) await waitFor(running, partly)
    else await sleep(random.uniform() * longest)
    running.kill('SIGKILL')
    await running.ended
    const text = await readFile(out, 'utf8')
    found[text === OLD ? 'old' : text === whole ? 'new' : 'damaged']++
    const left = await temporary()
    if (left.length > 0) found.whileWriting++
    for (const name of left) await rm(join(folder, name))
  }
  return { kills, ...found }
}
