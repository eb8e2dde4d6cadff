import { type Float64Kernels, float64Kernels } from './float64.ts'

/** Rows that go through a network at a time; a multiple of 4. */
export const NETWORK_ROWS = 64

/** A column of a buffer, from which values are read or to which they are written. */
export interface BufferColumn {
  readonly buffer: number
  readonly column: number
}

/** to = hW + b or its tanh, h the first `inputs` columns at `from`. */
export interface LayerStep {
  readonly kind: 'layer'
  readonly from: BufferColumn
  readonly to: BufferColumn
  /** [inputs, outputs] row-major */
  readonly weight: ArrayLike<number>
  /** [outputs] */
  readonly bias: ArrayLike<number>
  readonly tanh: boolean
}

/** to ← to ⊙ by, `columns` columns, a multiple of 4. */
export interface GateStep {
  readonly kind: 'gate'
  readonly to: BufferColumn
  readonly by: BufferColumn
  readonly columns: number
}

/** Activations that a `CurveStep` knows. */
export const CURVES = ['identity', 'tanh', 'sigmoid', 'silu'] as const

export type Curve = (typeof CURVES)[number]

/** The first half of the rows of a buffer are values, the others their tangents: h ← φ(h + b), h' ← φ'(h + b) h'. */
interface CurveStep {
  readonly kind: 'curve'
  readonly buffer: number
  /** A bias for each column; its length is rounded up to the buffer's columns. */
  readonly bias: ArrayLike<number>
  readonly curve: Curve
}

/** A network as steps on buffers of rows. */
export interface NetworkProgram {
  /** Columns of each buffer, multiples of 4; a layer writes its outputs rounded up to a multiple of 4. */
  readonly buffers: readonly number[]
  readonly steps: readonly (LayerStep | GateStep | CurveStep)[]
}

/** The next multiple of 4. */
export function padded(columns: number): number {
  return 4 * Math.ceil(columns / 4)
}

/** Runs a network in float64 SIMD, a block of up to 64 rows at a time, without fused multiply-add. */
export class NetworkKernel {
  /** The memory of each buffer, [64, columns]: inputs go in and outputs come out here. */
  readonly buffers: readonly Float64Array[]
  readonly #steps: readonly ((rows: number) => void)[]

  constructor({ buffers, steps }: NetworkProgram) {
    const tables = steps.map((step) => tablesOf(step, buffers))
    const sizes = [...buffers.map((columns) => columns * NETWORK_ROWS), ...tables.map(({ length }) => length)]
    const starts = sizes.map((_, i) => 8 * sizes.slice(0, i).reduce((sum, size) => sum + size, 0))
    const kernels = float64Kernels(8 * sizes.reduce((sum, size) => sum + size, 0))
    const { memory } = kernels
    for (const [i, table] of tables.entries())
      new Float64Array(memory.buffer, starts[buffers.length + i], table.length).set(table)
    this.buffers = buffers.map(
      (columns, i) => new Float64Array(memory.buffer, starts[i], columns * NETWORK_ROWS),
    )
    const at = ({ buffer, column }: BufferColumn) => starts[buffer] + 8 * column
    this.#steps = steps.map((step, i) => {
      const table = starts[buffers.length + i]
      if (step.kind === 'gate') return gateRunner(kernels, step, buffers, at)
      if (step.kind === 'curve') return curveRunner(kernels, step, buffers[step.buffer], at, table)
      return layerRunner(kernels, step, buffers, at, table)
    })
  }

  /** Takes the first rows through all steps. */
  run(rows: number): void {
    const whole = padded(rows)
    for (const step of this.#steps) step(whole)
  }
}

function tablesOf(step: LayerStep | GateStep | CurveStep, buffers: readonly number[]): Float64Array {
  if (step.kind === 'gate') return new Float64Array(0)
  if (step.kind === 'layer') return panelsOf(step)
  const biases = new Float64Array(buffers[step.buffer])
  biases.set(step.bias)
  return biases
}

/** The weights in panels of 4 columns, [inputs][4] each, and then the biases; missing columns are 0. */
function panelsOf({ weight, bias }: LayerStep): Float64Array {
  const outputs = bias.length
  const inputs = weight.length / outputs
  const columns = padded(outputs)
  const table = new Float64Array((inputs + 1) * columns)
  for (let k = 0; k < inputs; k++)
    for (let j = 0; j < outputs; j++)
      table[(Math.floor(j / 4) * inputs + k) * 4 + (j % 4)] = weight[k * outputs + j]
  for (let j = 0; j < outputs; j++) table[inputs * columns + j] = bias[j]
  return table
}

function layerRunner(
  kernels: Float64Kernels,
  { from, to, weight, bias, tanh }: LayerStep,
  buffers: readonly number[],
  at: (place: BufferColumn) => number,
  panels: number,
): (rows: number) => void {
  const inputs = weight.length / bias.length
  const columns = padded(bias.length)
  const biases = panels + 8 * inputs * columns
  const [fromStride, toStride] = [buffers[from.buffer], buffers[to.buffer]]
  return (rows) =>
    kernels.layer(at(from), fromStride, inputs, panels, biases, at(to), toStride, columns, rows, tanh)
}

function gateRunner(
  kernels: Float64Kernels,
  { to, by, columns }: GateStep,
  buffers: readonly number[],
  at: (place: BufferColumn) => number,
): (rows: number) => void {
  return (rows) => kernels.gate(at(to), buffers[to.buffer], at(by), buffers[by.buffer], columns, rows)
}

function curveRunner(
  kernels: Float64Kernels,
  { buffer, curve }: CurveStep,
  columns: number,
  at: (place: BufferColumn) => number,
  biases: number,
): () => void {
  const values = at({ buffer, column: 0 })
  const half = NETWORK_ROWS / 2
  const tangents = values + 8 * half * columns
  const kind = CURVES.indexOf(curve)
  return () => kernels.curve(kind, values, tangents, columns, biases, columns, half)
}
