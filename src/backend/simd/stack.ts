import type { TensorInfo } from '@tensorflow/tfjs-core'
import { type Kernel, type SimdBackend, sizeOf, stackParts } from './simd-backend.ts'

/** Words of a task before those of its layers, and of a layer: as in src/kernels/assembly/stack.ts. */
const HEAD = 12
const LAYER = 4

interface StackAttributes {
  readonly dual: boolean
}

/** The sizes of a stack of layers from its weights W₀, b₀, W₁, b₁, … */
interface Sizes {
  readonly rows: number
  readonly halves: number
  readonly layers: number
  /** How many numbers each layer takes, then how many the last one gives. */
  readonly widths: readonly number[]
}

function sizesOf(x: TensorInfo, weights: readonly TensorInfo[], dual: boolean): Sizes {
  const layers = weights.length / 2
  const widths = Array.from({ length: layers }, (_, k) => weights[2 * k].shape[0])
  widths.push(weights[weights.length - 1].shape[0])
  const halves = dual ? 2 : 1
  return { rows: x.shape[0] / halves, halves, layers, widths }
}

const padded = (count: number): number => 4 * Math.ceil(count / 4)

/** Memory that is given back when a kernel is done. */
class Borrowed {
  readonly #backend: SimdBackend
  readonly #addresses: number[] = []

  constructor(backend: SimdBackend) {
    this.#backend = backend
  }

  allocate(bytes: number): number {
    const address = this.#backend.pool.allocate(bytes)
    this.#addresses.push(address)
    return address
  }

  /** A list of 32-bit words. */
  words(values: readonly number[]): number {
    const address = this.allocate(4 * values.length)
    this.#backend.pool.words(address, values.length).set(values)
    return address
  }

  giveBack(): void {
    for (const address of this.#addresses) this.#backend.pool.free(address)
  }
}

/** The task of a stack without the words that only the backward pass needs, and its weights packed. */
function task(
  { rows, halves, layers, widths }: Sizes,
  backend: SimdBackend,
  borrowed: Borrowed,
  weights: readonly TensorInfo[],
  transpose: boolean,
  head: readonly number[],
): number {
  const words = [rows, halves, layers, ...head]
  while (words.length < HEAD) words.push(0)
  for (let k = 0; k < layers; k++) {
    const [depth, columns] = transpose ? [widths[k + 1], widths[k]] : [widths[k], widths[k + 1]]
    const packed = borrowed.allocate(4 * depth * 8 * Math.ceil(columns / 8))
    words.push(widths[k], backend.address(weights[2 * k]), backend.address(weights[2 * k + 1]), packed)
  }
  words.push(widths[layers], ...Array.from({ length: LAYER - 1 }, () => 0))
  const address = borrowed.words(words)
  backend.kernels.stackPack(Number(transpose), address)
  return address
}

/** The stacks of layers of src/nn/fused.ts. Inputs are lists: what comes first, then the weights W₀, b₀, W₁, b₁, … */
export const stackKernels: Readonly<Record<string, Kernel>> = {
  /** Memory for what the hidden layers give; its numbers are yet to be written. */
  TanhStackMemory(_, backend, { count }: { readonly count: number }) {
    return backend.output([count]).info
  },

  /** The output from [x, memory, weights …]; writes the memory. */
  TanhStack(inputs, backend, { dual }: StackAttributes) {
    const [x, memory, ...weights] = Object.values(inputs)
    const sizes = sizesOf(x, weights, dual)
    const borrowed = new Borrowed(backend)
    const output = backend.output([x.shape[0], sizes.widths[sizes.layers]])
    const head = [backend.address(x), output.address, backend.address(memory)]
    const words = task(sizes, backend, borrowed, weights, false, head)
    backend.run('stackForward', stackParts(sizes.rows, backend.blas), words)
    borrowed.giveBack()
    return output.info
  },

  /** From [g, x, memory, weights …] to the gradients of the weights, or to that of x alone. */
  TanhStackGradient(inputs, backend, { dual, ofInput }: StackAttributes & { readonly ofInput: boolean }) {
    const [g, x, memory, ...weights] = Object.values(inputs)
    const sizes = sizesOf(x, weights, dual)
    const { rows, halves, widths } = sizes
    const parts = stackParts(rows, backend.blas)
    const borrowed = new Borrowed(backend)
    // a part is at most one tile of 6 rows longer than another
    const block = 4 * halves * (Math.ceil(rows / parts) + 6) * Math.max(...widths)
    const line = 4 * weights.reduce((sum, info) => sum + padded(sizeOf(info)), 0)
    const work = borrowed.allocate(2 * backend.threads * block)
    const sums = borrowed.allocate(parts * line)
    const dx = ofInput ? backend.output(x.shape) : null
    const places = [x, g, memory].map((info) => backend.address(info))
    const head = [...places, work, block, sums, line, dx?.address ?? 0]
    const words = task(sizes, backend, borrowed, weights, true, head)
    backend.run('stackBackward', parts, words)
    if (dx === null) {
      const outputs = weights.map(({ shape }) => backend.output(shape))
      const list = borrowed.words(outputs.map(({ address }) => address))
      backend.run('stackGradients', 4, words, parts, list)
      borrowed.giveBack()
      return outputs.map(({ info }) => info)
    }
    borrowed.giveBack()
    return dx.info
  },
}
