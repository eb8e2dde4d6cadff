import { type Model, modelMap } from '../../solvers/neural/index.ts'
import { certificate } from '../../src/certificate/certificate.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { carriedSample } from '../../src/metrics/carried-sample.ts'
import { errorStatistics } from '../../src/metrics/error-statistics.ts'
import { veTime } from '../../src/problem/process.ts'
import { Random } from '../../src/random/random.ts'
import type { ProblemRecord } from '../../src/specification/problem.ts'
import { taskWorker } from '../in-workers.ts'

/** What each kind of task takes and gives. */
export interface Tasks {
  repeat: { task: RepetitionTask; result: Repetition }
}

/** One repetition, by one of the two ways to sample. */
interface RepetitionTask {
  readonly specification: ProblemRecord
  readonly model: Model
  readonly time: number
  readonly seed: number
  readonly repetition: number
  readonly samples: number
  readonly plain: boolean
}

/** The estimates of one repetition. */
export interface Repetition {
  readonly relativeError: number
  readonly certificate: number
  readonly effectiveSampleSize: number
  readonly worstShare: number
}

const INTERVALS = 64

/** Everything random comes from the seed and the number of the repetition. */
async function repeat(task: RepetitionTask): Promise<Repetition> {
  const { density, process } = parseProblem(task.specification)
  const map = await modelMap(task.model)
  const label = `${task.plain ? 'plain ' : ''}repetition ${task.repetition}`
  const time = veTime(process, task.time)
  const sample = carriedSample(density, {
    time,
    count: task.samples,
    intervals: INTERVALS,
    plain: task.plain,
    random: Random.stream(task.seed, label),
  })
  const images = map.evaluate(time, sample.positions[INTERVALS])
  const error = errorStatistics(sample.x0, images, sample.weights, density.moments.trace)
  return {
    relativeError: error.relativeError,
    certificate: certificate(map, density, sample).estimate,
    effectiveSampleSize: error.effectiveSampleSize,
    worstShare: error.worstShare,
  }
}

export default taskWorker(repeat)
