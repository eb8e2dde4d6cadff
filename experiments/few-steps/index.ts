import { createProblem } from '../../src/create/create-problem.ts'
import type { ProblemRecord } from '../../src/specification/problem.ts'
import { version } from '../../src/version.ts'
import type { ExperimentRun } from '../experiment.ts'
import { type NoisingRow, noising } from './noising.ts'
import { type FewStepsSettings, plane } from './settings.ts'
import { type SplittingRow, splitting } from './splitting.ts'
import { lipschitzBound } from './times.ts'

/** What `few-steps` writes to results.json. */
export interface FewStepsResults {
  readonly seed: number
  readonly version: string
  readonly problem: ProblemRecord
  readonly time: number
  readonly splitting: readonly SplittingRow[]
  readonly noising: readonly NoisingRow[]
  /** The bound on the Lipschitz constant of the flow at times τ of the Ornstein–Uhlenbeck process. */
  readonly lipschitz: { readonly tau: readonly number[]; readonly bound: readonly number[] }
}

type FewStepsRun = Omit<ExperimentRun<FewStepsSettings>, 'threads'>

const CURVE = 60

/**
 * At which times should a map take K steps in place of one? Jumps of a two-time map, steps of samplers, and rounds of consistency sampling on grids of
 * times: those of Karras et al., uniform ones, one uniform in the integral of the Lipschitz constant of the flow, and the best that were found.
 */
export async function fewSteps({
  seed,
  settings,
  signal,
  onProgress,
}: FewStepsRun): Promise<FewStepsResults> {
  const total = 4 + settings.mesh + 2 * settings.steps.length + Math.max(...settings.steps)
  let done = 0
  const turn = async (label: string) => {
    signal?.throwIfAborted()
    onProgress?.({ done: Math.min(total, done++), total, label })
    await new Promise((resolve) => setTimeout(resolve))
  }
  const { rows, range } = await splitting(settings, seed, turn)
  const last = Math.log1p(range.time ** 2) / 2
  const tau = Array.from({ length: CURVE }, (_, k) => ((k + 0.5) / CURVE) * last)
  return {
    ...{ seed, version, problem: createProblem(plane.problem).specification, time: plane.time },
    splitting: rows,
    noising: await noising(settings, seed, turn),
    lipschitz: { tau, bound: tau.map((at) => lipschitzBound(at, range)) },
  }
}
