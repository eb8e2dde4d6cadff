import type { Architecture } from '../../src/nn/architecture.ts'
import { scoreNetwork } from '../../src/nn/score-network.ts'
import type { Moments } from '../../src/problem/density.ts'
import { rungeKutta } from '../characteristics/index.ts'
import type { TrainingTarget } from './target.ts'
import type { TrainedMap, TrainingDiagnostics } from './trained-map.ts'

// far below the error of any trained score
const RTOL = 1e-8

/** The consistency function of a trained score network: the flow of its score, by characteristics. It has no `jvp`. */
export async function scoreMap(
  architecture: Architecture,
  weights: readonly Float32Array[],
  moments: Moments,
  diagnostics: TrainingDiagnostics,
  { metric, targets, warnings, cause }: TrainingTarget,
): Promise<TrainedMap> {
  const density = { kind: 'neural', atomic: false, ...scoreNetwork(architecture, weights, moments) }
  const map = await rungeKutta({ rtol: RTOL }).solveVe(density, { time: Infinity, seed: 0 })
  return {
    evaluate: map.evaluate,
    get functionEvaluations() {
      return diagnostics.evaluations + map.functionEvaluations
    },
    diagnostics,
    options: { metric, targets, rtol: RTOL },
    ...(warnings.length > 0 && { warnings }),
    ...(cause !== undefined && { cause }),
  }
}
