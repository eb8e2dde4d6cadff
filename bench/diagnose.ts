import { parseArgs } from 'node:util'
import { type CauseName, diagnoseAlong, thinned } from '../solvers/diagnosis/index.ts'
import { checkInteger } from '../src/errors.ts'
import { carriedSample } from '../src/metrics/carried-sample.ts'
import { veTime } from '../src/problem/process.ts'
import { Random } from '../src/random/random.ts'
import { version } from '../src/version.ts'

import { makers } from './diagnose/makers.ts'

const SAMPLES = 1024
const INTERVALS = 32
/** How many networks of each fault in 60 that have one. */
const SHARES = {
  identity: 2,
  collapse: 2,
  float16: 6,
  'shifted-twice': 6,
  'time-scale': 8,
  steps: 16,
  viscosity: 12,
  median: 8,
} as const satisfies Record<CauseName, number>
const FAULTY = 60

/**
 * Plants a known fault in each of 60 small maps, and none in 20 trained networks, and counts how many `diagnose` names rightly. The faults of losses are
 * planted by training with those losses; the others are exact faulty maps with a smooth error of the size of a fit on top.
 */
export async function diagnoses(args: string[]): Promise<object> {
  const { values } = parseArgs({
    args,
    options: {
      faulty: { type: 'string', default: String(FAULTY) },
      healthy: { type: 'string', default: '20' },
      steps: { type: 'string', default: '1500' },
      seed: { type: 'string', default: '0' },
    },
  })
  return tryDiagnoses(
    {
      faulty: checkInteger('faulty', Number(values.faulty), 0, 10_000),
      healthy: checkInteger('healthy', Number(values.healthy), 0, 10_000),
      steps: checkInteger('steps', Number(values.steps), 1),
      seed: checkInteger('seed', Number(values.seed), 0),
    },
    (found) => console.error(JSON.stringify(found)),
  )
}

export async function tryDiagnoses(
  run: { faulty: number; healthy: number; steps: number; seed: number },
  onDone: (found: object) => void = () => {},
) {
  const { faulty, healthy, steps, seed } = run
  const tried: object[] = []
  let [right, accused, total] = [0, 0, 0]
  const one = async (kind: CauseName | 'healthy', number: number) => {
    const found = await tryDiagnosis(kind, number, { seed, steps })
    tried.push(found)
    onDone(found)
    return found.wrong
  }
  for (const kind of Object.keys(SHARES) as CauseName[])
    for (let number = 0; number < Math.round((SHARES[kind] * faulty) / FAULTY); number++) {
      total++
      if (!(await one(kind, number))) right++
    }
  for (let number = 0; number < healthy; number++) if (await one('healthy', number)) accused++
  return {
    ok: accused === 0 && right >= 0.9 * total,
    ...{ faulty: total, right, healthy, accused, steps, seed, version },
    networks: tried,
  }
}

/** The diagnosis of one network, whose number says which it is. */
export async function tryDiagnosis(
  planted: CauseName | 'healthy',
  number: number,
  { seed, steps }: { readonly seed: number; readonly steps: number },
) {
  const random = Random.stream(seed, `${planted} ${number}`)
  const { problem, time, map, parameter, made } = await makers[planted](random, number, steps)
  const ve = veTime(problem.process, time)
  const drawn = carriedSample(problem.density, {
    ...{ time: ve, count: SAMPLES, intervals: INTERVALS, graded: true, random },
  })
  const { sample } = thinned(drawn, problem.density)
  const start = process.cpuUsage().user
  const valuesAt = (k: number) => map.evaluate(sample.times[k], sample.positions[k])
  const { cause, fits, error } = await diagnoseAlong({ problem, time, sample, first: 1, valuesAt })
  return {
    ...{ planted, number, made, parameter },
    found: cause,
    wrong: cause !== (planted === 'healthy' ? null : planted),
    nearest: fits.slice(0, 2),
    error,
    seconds: (process.cpuUsage().user - start) / 1e6,
  }
}
