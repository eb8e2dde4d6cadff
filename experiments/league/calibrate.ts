import { type TrainModelOptions, trainModel } from '../../solvers/neural/index.ts'
import type { Problem } from '../../src/problem/problem.ts'

// two short trainings differ by steps that are a multiple of ten, after as many of which SOAP turns its basis
const SHORT = 3
const LONGER = 10
const GROWTH = 3
const MOST = 1000

/** What a training costs, in seconds of processor time. */
interface TrainingCost {
  readonly once: number
  readonly step: number
}

/**
 * What a training costs on one thread of this machine, by short ones that are thrown away. Nothing else may run in the process meanwhile, whose
 * processor time it reads.
 *
 * @param trial seconds that the longest of them takes at least
 */
export async function trainingCost(
  problem: Problem,
  options: Omit<TrainModelOptions, 'steps'>,
  trial: number,
): Promise<TrainingCost> {
  const taken = async (steps: number) => {
    const before = used()
    await trainModel(problem, { ...options, steps, threads: 1 })
    return (used() - before) / 1e6
  }
  // the first loads and compiles what it needs, and counts for nothing
  await taken(SHORT)
  const short = await taken(SHORT)
  for (let more = LONGER; ; more *= GROWTH) {
    const all = await taken(SHORT + more)
    if (all < trial && more * GROWTH <= MOST) continue
    // a stall in the shorter of the two can turn their difference about
    const step = all > short ? (all - short) / more : all / (SHORT + more)
    return { once: Math.max(0, short - SHORT * step), step }
  }
}

/** Microseconds of processor time of this process. */
function used(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** The steps of a training that takes so many seconds. */
export function stepsFor(seconds: number, { once, step }: TrainingCost): number {
  return Math.max(1, Math.floor((seconds - once) / step))
}
