import { parseArgs } from 'node:util'
import {
  add,
  div,
  mul,
  reshape,
  type Scalar,
  slice2d,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
  type Variable,
  variable,
  variableGrads,
  version_core,
} from '@tensorflow/tfjs-core'
import { type Backend, type BackendName, useBackend } from '../src/backend/index.ts'
import { ComputationError, checkInteger, InputError } from '../src/errors.ts'
import { dense, dualDense } from '../src/nn/dense.ts'
import { optimisers } from '../src/nn/optimisers/index.ts'
import { weightAverage } from '../src/nn/weight-average.ts'
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

  const network = (values: readonly Variable[], H: Tensor2D, layer: typeof dense): Tensor2D => {
    let h = H
    for (let k = 0; k < sizes.length - 1; k++) {
      const last = k === sizes.length - 2
      const [w, b] = values.slice(2 * k, 2 * k + 2) as Tensor[]
      h = layer(h, w as Tensor2D, b as Tensor1D, last ? 'linear' : 'tanh')
    }
    return h
  }
  const meanSquare = (r: Tensor): Scalar => div(sum(square(r)), size)

  /** The residual ∂f/∂t − t s·∇f of every point. */
  function pinn(): Scalar {
    const { inputs, factors, base } = prepare(batch.t, batch.x, directions, dimension)
    const F = network(variables, tensor2d(inputs, [2 * size, dimension + 1]), dualDense)
    const terms = reshape(mul(F, tensor2d(factors, [2 * size, 1])), [2, size, dimension])
    const rest = slice2d(tensor2d(base, [2 * size, dimension]), [size, 0], [size, dimension])
    return meanSquare(add(sum(terms, 0), rest))
  }

  function map(values: readonly Variable[], t: Float64Array, x: Float64Array): Tensor2D {
    const { inputs, factors, base } = prepare(t, x, directions, dimension)
    const F = network(values, tensor2d(inputs.slice(0, inputs.length / 2), [size, dimension + 1]), dense)
    const scaled = mul(F, tensor2d(factors.slice(size), [size, 1]))
    return add(scaled, tensor2d(base.slice(0, base.length / 2), [size, dimension])) as Tensor2D
  }

  function step(): number {
    const value = tidy(() => {
      const target = loss === 'cd' ? map(average.values, batch.before, earlier) : null
      const result = variableGrads(
        () => (target ? meanSquare(sub(map(variables, batch.t, batch.x), target)) : pinn()),
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
  const times = Float64Array.from({ length: steps }, () => {
    const start = performance.now()
    step()
    return performance.now() - start
  }).sort()
  const matrices = (dimension + 1) * width + (layers - 1) * width * width + width * dimension
  const firstLayer = 2 * size * (dimension + 1) * width
  const flops = loss === 'pinn' ? 12 * matrices * size - 2 * firstLayer : 8 * matrices * size - firstLayer
  const median_ms = times[Math.floor(steps / 2)]
  const timing = { median_ms, min_ms: times[0] }
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
      dimension: { type: 'string', default: '2' },
      width: { type: 'string', default: '128' },
      layers: { type: 'string', default: '4' },
      batch: { type: 'string', default: '1024' },
      steps: { type: 'string', default: '100' },
      threads: { type: 'string', default: '1' },
      loss: { type: 'string', default: 'pinn' },
      // auto, tensorflow, simd, cpu; wasm is tfjs-wasm
      backend: { type: 'string', default: 'auto' },
      optimiser: { type: 'string', default: 'adam' },
      // matrix products of simd by a BLAS of this computer
      blas: { type: 'boolean', default: false },
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
