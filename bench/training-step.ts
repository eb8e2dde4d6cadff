import { parseArgs } from 'node:util'
import {
  type Scalar,
  sub,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
  type Variable,
  variable,
  variableGrads,
  version_core,
} from '@tensorflow/tfjs-core'
import { weightedSquares } from '../solvers/neural/metrics.ts'
import { type Backend, type BackendName, useBackend } from '../src/backend/index.ts'
import { ComputationError, checkInteger, InputError } from '../src/errors.ts'
import { tanhStack } from '../src/nn/fused.ts'
import { optimisers } from '../src/nn/optimisers/index.ts'
import { weightAverage } from '../src/nn/optimisers/optimiser.ts'
import { skip, skipRate } from '../src/nn/skip.ts'
import { stepOptions } from './step-options.ts'
import { earlierPoints, exactLoss, fixedBatch, fixedWeights, flowRates, prepare } from './training-batch.ts'

const RATE = 1e-3

/**
 * Times one float32 training step of a consistency network: loss, gradient of all weights, optimiser step (and for cd the moving
 * average). The scripts of bench/peers time the same step and give the same fields.
 */
export async function trainingStep(args: string[]): Promise<object> {
  const options = readOptions(args)
  const { dimension, width, layers, batch: size, threads, steps, loss, optimiser: optimiserName } = options
  const backend = await startBackend(options.backend, threads, options.blas)
  const batch = fixedBatch(size, dimension)
  const weights = fixedWeights(dimension, width, layers)
  const { sizes } = weights
  const variables = weights.W.flatMap((w, k) => [
    variable(tensor2d(w.slice(), [sizes[k], sizes[k + 1]])),
    variable(tensor1d(weights.b[k].slice())),
  ])
  const optimiser = optimisers[optimiserName]()(variables)
  const average = weightAverage(variables)
  const directions = flowRates(batch)
  const earlier = earlierPoints(batch)

  const each = tensor2d(new Float32Array(size).fill(1 / size), [size, 1])
  const ones = tensor1d(new Float32Array(dimension).fill(1))
  const meanSquare = (r: Tensor2D): Scalar => weightedSquares(r, each, ones)

  /** The residual ∂f/∂t − t s·∇f of every point. */
  function pinn(): Scalar {
    const { inputs, factors, base } = prepare(batch.t, batch.x, directions, dimension)
    const F = tanhStack(tensor2d(inputs, [2 * size, dimension + 1]), variables, true)
    const rest = tensor2d(base.subarray(size * dimension), [size, dimension])
    return meanSquare(skipRate(F, tensor2d(factors, [2 * size, 1]), rest))
  }

  function map(values: readonly Variable[], t: Float64Array, x: Float64Array): Tensor2D {
    const { inputs, factors, base } = prepare(t, x, directions, dimension)
    const F = tanhStack(tensor2d(inputs.slice(0, inputs.length / 2), [size, dimension + 1]), values, false)
    const s = tensor2d(factors.subarray(size), [size, 1])
    return skip(F, s, tensor2d(base.subarray(0, base.length / 2), [size, dimension]))
  }

  function step(): number {
    const value = tidy(() => {
      const target = loss === 'cd' ? map(average.values, batch.before, earlier) : null
      const result = variableGrads(
        () => (target ? meanSquare(sub(map(variables, batch.t, batch.x), target) as Tensor2D) : pinn()),
        variables,
      )
      optimiser.step(
        variables.map(({ name }) => result.grads[name]),
        RATE,
      )
      if (loss === 'cd') average.update()
      return result.value
    })
    const [number] = value.dataSync()
    value.dispose()
    return number
  }

  const first = step()
  const exact = exactLoss(batch, weights, loss)
  if (!(Math.abs(first / exact - 1) < 1e-4)) {
    throw new ComputationError(`The timed program computes another loss: ${first}, in float64 ${exact}.`)
  }
  for (let k = 0; k < 30; k++) step()
  const cpuTimes = new Float64Array(steps)
  const times = Float64Array.from({ length: steps }, (_, k) => {
    const start = performance.now()
    const used = process.cpuUsage()
    step()
    const { user, system } = process.cpuUsage(used)
    cpuTimes[k] = (user + system) / 1e3
    return performance.now() - start
  }).sort()
  const matrices = (dimension + 1) * width + (layers - 1) * width * width + width * dimension
  const firstLayer = 2 * size * (dimension + 1) * width
  const flops = loss === 'pinn' ? 12 * matrices * size - 2 * firstLayer : 8 * matrices * size - firstLayer
  const median_ms = times[Math.floor(steps / 2)]
  const timing = { median_ms, min_ms: times[0], cpu_ms: cpuTimes.sort()[Math.floor(steps / 2)] }
  const best = `${backend.name}, ${optimiserName}`
  return {
    framework: 'consistency-pde',
    ...{ loss, dimension, width, layers, batch: size, threads, steps, best, ...timing },
    gflops: flops / median_ms / 1e6,
    variants: { [best]: timing },
    check: { loss: first, loss_float64: exact },
    versions: { node: process.versions.node, 'tfjs-core': version_core, backend: backend.description },
  }
}

/** A backend of ours or, as the peer to compare with, tfjs-wasm under the same program of plain operations. */
async function startBackend(
  name: string,
  threads: number,
  blas: boolean,
): Promise<Pick<Backend, 'description'> & { name: string }> {
  if (name !== 'wasm') return useBackend(name as BackendName | 'auto', { threads, blas })
  const { startWasm } = await import('./peers/tfjs-wasm.ts')
  return startWasm(threads)
}

function readOptions(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      ...stepOptions,
      threads: { type: 'string', default: '1' },
      // auto, tensorflow, simd, cpu; wasm is tfjs-wasm
      backend: { type: 'string', default: 'auto' },
      optimiser: { type: 'string', default: 'adam' },
    },
  })
  const count = (name: 'dimension' | 'width' | 'layers' | 'batch' | 'steps' | 'threads'): number =>
    checkInteger(name, Number(values[name]), 1)
  const { loss, optimiser } = values
  if (loss !== 'pinn' && loss !== 'cd') throw new InputError('loss', loss, 'pinn or cd')
  if (!Object.hasOwn(optimisers, optimiser))
    throw new InputError('optimiser', optimiser, Object.keys(optimisers).join(' or '))
  return {
    dimension: count('dimension'),
    width: count('width'),
    layers: count('layers'),
    batch: count('batch'),
    steps: count('steps'),
    threads: count('threads'),
    loss,
    optimiser,
    backend: values.backend,
    blas: values.blas,
  } as const
}
