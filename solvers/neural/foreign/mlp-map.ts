import type { SymbolNode } from 'mathjs/number'
import { InputError } from '../../../src/errors.ts'
import { type WithDerivative, withDerivative } from '../../../src/expression/with-derivative.ts'
import type { Tensor } from '../../../src/io/safetensors.ts'
import type { MlpDescription } from '../../../src/nn/foreign/description.ts'
import { createFrames } from '../../../src/nn/foreign/frames.ts'
import { BLOCK_ROWS, createLayers } from '../../../src/nn/foreign/layers.ts'
import type { DescribedMap } from './described-map.ts'

/** A column of the inputs: a formula in t and u, or null for the coordinates. */
type Column = WithDerivative | null

/**
 * The consistency function of a described network in float64, with its exact Jacobian–vector product.
 *
 * @param file what to call the file of the tensors in an error
 * @throws InputError for tensors or formulas that do not fit the description
 */
export function mlpMap(
  description: MlpDescription,
  tensors: Readonly<Record<string, Tensor>>,
  file: string,
): DescribedMap {
  const { dimension: d, inputs, output } = description
  const columns = inputs.map((text, k): Column => {
    const name = `network.inputs[${k}]`
    return text === 'x' ? null : withDerivative(text, name, true)
  })
  if (columns.filter((column) => column === null).length !== 1)
    throw new InputError('network.inputs', inputs, 'formulas in t (and u) and "x", once')
  const layers = createLayers(description, inputs.length - 1 + d, tensors, file)
  const frames = createFrames(output, d)
  const start = startOf(description)
  checkStart(inputs, columns, start)

  /** Writes the columns of the times, and gives the place where the coordinates begin. */
  function writeTimes(t: number, u: number): number {
    const { values, stride } = layers.input
    let at = 0
    let place = 0
    for (const column of columns) {
      if (column === null) {
        place = at
        at += d
        continue
      }
      const [value, rate] = [column.value(t, u), column.rate(t, u)]
      for (let row = 0; row < BLOCK_ROWS; row++) {
        values[row * stride + at] = value
        values[(BLOCK_ROWS + row) * stride + at] = rate
      }
      at++
    }
    return place
  }

  function jvp(t: number, x: Float64Array, dx: Float64Array, u = 0) {
    if (t < start) return { value: x.slice(), tangent: dx.slice() }
    const frame = frames(t, u)
    const place = writeTimes(t, u)
    const coordinates = new Float64Array(x.length)
    const rates = new Float64Array(x.length)
    frame.toInputs(x, dx, coordinates, rates)
    const value = new Float64Array(x.length)
    const tangent = new Float64Array(x.length)
    const { input, output: out } = layers
    for (let first = 0; first < x.length / d; first += BLOCK_ROWS) {
      const rows = Math.min(BLOCK_ROWS, x.length / d - first)
      for (let row = 0; row < rows; row++) {
        const from = (first + row) * d
        input.values.set(coordinates.subarray(from, from + d), row * input.stride + place)
        input.values.set(rates.subarray(from, from + d), (BLOCK_ROWS + row) * input.stride + place)
      }
      layers.run(rows)
      for (let row = 0; row < rows; row++)
        for (let j = 0; j < d; j++) {
          value[(first + row) * d + j] = out.values[row * out.stride + j]
          tangent[(first + row) * d + j] = out.values[(BLOCK_ROWS + row) * out.stride + j]
        }
    }
    frame.toMap(x, dx, value, tangent)
    return { value, tangent }
  }

  return {
    start,
    byDifferences: false,
    twoTimes: columns.some((column) => column !== null && dependsOnU(column)),
    jvp,
    evaluate: (t, x, u) => jvp(t, x, new Float64Array(x.length), u).value,
  }
}

function dependsOnU({ node }: WithDerivative): boolean {
  return node.filter((part) => part.type === 'SymbolNode' && (part as SymbolNode).name === 'u').length > 0
}

/** The time from which a network is to be f. */
function startOf({ start, output }: Pick<MlpDescription, 'start' | 'output'>): number {
  return start ?? (output.kind === 'edm' ? output.sigmaMin : 0)
}

function checkStart(inputs: readonly string[], columns: readonly Column[], start: number): void {
  columns.forEach((column, k) => {
    if (column === null || (Number.isFinite(column.value(start)) && Number.isFinite(column.rate(start))))
      return
    throw new InputError(
      `network.inputs[${k}]`,
      inputs[k],
      `a formula that is smooth from t = ${start} on; "start" says where the network starts to be f`,
    )
  })
}
