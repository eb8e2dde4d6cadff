import {
  add,
  enableProdMode,
  type GradFunc,
  getKernel,
  grad,
  matMul,
  registerGradient,
  setBackend,
  sum,
  type Tensor,
  type Tensor2D,
  tanh,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core'
import { ComputationError, checkInteger, InputError } from '../errors.ts'
import { warn } from '../warning.ts'
import type { Gradient } from './gradients/define.ts'
import { binaryGradients, unaryGradients } from './gradients/elementwise.ts'
import { reduceGradients, shapeGradients } from './gradients/shape.ts'

/** The backends of the neural part: TensorFlow's C library, our SIMD kernels, plain JavaScript. */
export type BackendName = 'tensorflow' | 'simd' | 'cpu'

export interface Backend {
  readonly name: BackendName
  readonly description: string
}

interface BackendOptions {
  /** Threads of the simd backend, 1 unless given. */
  readonly threads?: number
  /**
   * Whether the simd backend leaves matrix products to a BLAS of this computer (OpenBLAS, MKL, Accelerate). Off unless asked
   * for, since it changes the last bits; the description then names the library.
   */
  readonly blas?: boolean
}

type Loader = (options: BackendOptions) => Promise<string>

/** In the order of preference; each loads its backend and returns a description, or throws. */
const loaders: Readonly<Record<BackendName, Loader>> = {
  tensorflow: loadTensorflow,
  simd: async ({ threads = 1, blas = false }) => {
    const { startSimd } = await import('./simd/start.ts')
    return startSimd(checkInteger('threads', threads, 1, 64), blas)
  },
  cpu: async () => {
    await import('@tensorflow/tfjs-backend-cpu')
    return 'tfjs-backend-cpu, plain JavaScript'
  },
}

/**
 * Chooses the backend all networks run on. `auto` takes the first that loads and passes a self-check
 * (one operation and its gradient): tensorflow, simd, and cpu where the engine has no WebAssembly SIMD, which is said. Results agree between backends to float32 accuracy; bits are
 * the same only on the same backend, so the name belongs into the record of a run.
 *
 * @throws InputError for an unknown name; ComputationError if the named backend does not load or fails its self-check
 */
export async function useBackend(
  name: BackendName | 'auto' = 'auto',
  options: BackendOptions = {},
): Promise<Backend> {
  if (name !== 'auto' && !Object.hasOwn(loaders, name)) {
    throw new InputError('backend', name, 'auto, tensorflow, simd or cpu')
  }
  if (name !== 'auto') return start(name, options)
  const problems: string[] = []
  for (const candidate of Object.keys(loaders) as BackendName[]) {
    try {
      return await start(candidate, options)
    } catch (problem) {
      // an engine that has SIMD, but no memory for it, must not end up with other bits in silence
      if (candidate === 'simd') {
        if (problem instanceof ComputationError) throw problem
        warn(
          `The networks run on tfjs's plain JavaScript, since the kernels do not start (${firstLine(problem)}).`,
        )
      }
      problems.push(problem instanceof Error ? problem.message : String(problem))
    }
  }
  throw new ComputationError(`No backend for the networks works: ${problems.join(' ')}`)
}

async function start(name: BackendName, options: BackendOptions): Promise<Backend> {
  // Without this the plain backend prints an advertisement for tfjs-node on its first use.
  enableProdMode()
  const description = await loaders[name](options)
  if (!(await setBackend(name))) throw new ComputationError(`The backend ${name} did not start.`)
  const missing = requiredKernels.filter((kernel) => !getKernel(kernel, name))
  if (missing.length > 0) throw new ComputationError(`The backend ${name} lacks ${missing.join(', ')}.`)
  registerGradients()
  selfCheck(name)
  return { name, description }
}

/** On Node 23 and later tfjs-node loads and then fails, so that loading alone proves nothing. */
function selfCheck(name: BackendName): void {
  const [slope] = tidy(() => {
    const x = tensor2d([0.5, -1, 2, 0.25], [2, 2])
    const y = tensor2d([0.5, -1, 2, 0.25], [2, 2])
    const f = (m: Tensor): Tensor => sum(tanh(add(matMul(m as Tensor2D, y), 1)))
    return grad(f)(x).dataSync()
  })
  // The first entry of the gradient: Σ_j (1 − tanh²(1 + (xy)₁ⱼ)) y₁ⱼ.
  const expected = 0.5 * (1 - Math.tanh(-0.75) ** 2) - (1 - Math.tanh(0.25) ** 2)
  if (!(Math.abs(slope - expected) < 1e-5)) {
    throw new ComputationError(
      `The backend ${name} fails its self-check: ${slope} where ${expected.toFixed(6)} is right.`,
    )
  }
}

async function loadTensorflow(): Promise<string> {
  // In a variable, so that bundlers and the compiler do not look for an optional package.
  const module = '@tensorflow/tfjs-node'
  try {
    const loaded: { version?: { 'tfjs-node'?: string } } = await import(module)
    return `@tensorflow/tfjs-node ${loaded.version?.['tfjs-node'] ?? ''}`.trim()
  } catch (problem) {
    throw new ComputationError(
      `@tensorflow/tfjs-node does not load (${firstLine(problem)}). Install it with \`npm install @tensorflow/tfjs-node\`, where its download is blocked with the repository's tools/install-tensorflow.js, or use the backend simd.`,
    )
  }
}

function firstLine(problem: unknown): string {
  return (problem instanceof Error ? problem.message : String(problem)).split('\n')[0]
}

const tables = [unaryGradients, binaryGradients, shapeGradients, reduceGradients]

/** The operations networks, losses and optimisers may use: a backend has to have every one. */
const requiredKernels: readonly string[] = tables.flatMap((gradients) => Object.keys(gradients))

/** Registers the gradients of the operations networks use: tfjs-core's Node build brings none. */
export function registerGradients(): void {
  for (const gradients of tables) defineGradients(gradients)
}

/**
 * Registers gradients by kernel name, in place of those that @tensorflow/tfjs brings where it is installed: all backends get the
 * same ones, and some of those do not add up over broadcast axes.
 */
function defineGradients(gradients: Readonly<Record<string, Gradient>>): void {
  for (const [kernelName, { inputs = [], output = false, allInputs = false, gradient }] of Object.entries(
    gradients,
  )) {
    registerGradient({
      kernelName,
      inputsToSave: [...inputs],
      outputsToSave: [output],
      saveAllInputs: allInputs,
      gradFunc: ((dy, saved, attributes) => gradient(dy as Tensor, saved, attributes)) as GradFunc,
    })
  }
}
