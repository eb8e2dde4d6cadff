import { BadInput } from '../io/bad-input.ts'
import { float64 } from './generated/float64-binary.ts'
import { withAddresses } from './memory-pool.ts'

/** The exports of an instance of the float64 kernels; addresses are in bytes, layouts in src/kernels/assembly. */
export interface Float64Kernels {
  readonly memory: WebAssembly.Memory
  respond(
    centres: number,
    padded: number,
    dimension: number,
    squares: number,
    x: number,
    variances: number,
    out: number,
    rows: number,
    cut: number,
  ): void
  /** Takes the address of a `Tree`. */
  respondTree(tree: number, x: number, variances: number, out: number, rows: number): void
  addMoments(tree: number, moments: number, powers: number): void
  /** Takes the address of a `Grid`. */
  respondGrid(grid: number, x: number, variances: number, out: number, rows: number): void
  levelOf(grid: number, variance: number): number
  blurCentres(grid: number, level: number, radius: number): void
  resample(
    from: number,
    to: number,
    outer: number,
    n: number,
    m: number,
    inner: number,
    taps: number,
    firsts: number,
    count: number,
  ): void
  mixture(
    tables: number,
    count: number,
    dimension: number,
    offset: number,
    scratch: number,
    x: number,
    out: number,
    rows: number,
  ): void
  factors(
    tables: number,
    count: number,
    dimension: number,
    rank: number,
    offset: number,
    scratch: number,
    x: number,
    out: number,
    rows: number,
  ): void
  product(
    rotated: boolean,
    matrices: number,
    starts: number,
    tables: number,
    total: number,
    dimension: number,
    offset: number,
    scratch: number,
    x: number,
    out: number,
    rows: number,
  ): void
  layer(
    input: number,
    inputStride: number,
    inputs: number,
    panels: number,
    biases: number,
    out: number,
    outStride: number,
    columns: number,
    rows: number,
    curved: boolean,
  ): void
  /** Where the memory is free for the functions of src/kernels/assembly/flow; those of `step.ts` there take the address of a `Flow`. */
  free(): number
  slope(flow: number, theta: number, base: number, combination: number, h: number, out: number): void
  combine(flow: number, base: number, combination: number, h: number, out: number): void
  step(flow: number, theta: number, h: number, rtol: number, atol: number): number
  accept(flow: number, theta: number, slopeToo: boolean): void
  size(flow: number, a: number, b: number, rtol: number, atol: number): number
  transport(
    stencils: number,
    tables: number,
    f: number,
    v: number,
    out: number,
    outer: number,
    nodes: number,
    inner: number,
    width: number,
    perUnit: number,
    first: boolean,
    scratch: number,
  ): void
  addStages(out: number, f: number, terms: number, count: number, length: number): void
  /** The functions of src/kernels/assembly/table take the address of a `Table`. */
  prepareTable(table: number, sweeps: number): void
  invertTable(table: number, y: number, rows: number): number
  newtonFrom(table: number, node: number, y: number, out: number): number
  nodeDistance(table: number, node: number, y: number): number
  curve(
    kind: number,
    values: number,
    tangents: number,
    stride: number,
    biases: number,
    columns: number,
    rows: number,
  ): void
  gate(h: number, stride: number, gates: number, gateStride: number, columns: number, rows: number): void
}

const PAGE = 65_536
/** All that WebAssembly can address. */
const MOST = 65_535 * PAGE

let compiled: WebAssembly.Module | undefined

/** A new instance with a memory of at least `bytes` bytes. */
export function float64Kernels(bytes: number): Float64Kernels {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(float64), (character) => character.charCodeAt(0)))
  const module = compiled
  const { exports } = withAddresses(() => new WebAssembly.Instance(module, { env: { abort } }))
  const kernels = exports as unknown as Float64Kernels
  reserve(kernels.memory, bytes)
  return kernels
}

/**
 * Makes a memory at least so large. Views of it are to be made afterwards.
 *
 * @throws InputError when it would have more than 4 GB, ComputationError when the system does not give that much
 */
export function reserve(memory: WebAssembly.Memory, bytes: number): void {
  if (bytes > MOST)
    throw new BadInput(
      'the problem',
      `needs ${(bytes / 1e9).toPrecision(3)} GB in one block`,
      'one of at most 4 GB',
    )
  const missing = bytes - memory.buffer.byteLength
  if (missing > 0) withAddresses(() => memory.grow(Math.ceil(missing / PAGE)))
}

function abort(): never {
  throw new Error('A float64 kernel aborted.')
}
