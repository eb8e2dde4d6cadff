import { InputError } from '../../errors.ts'
import { compileFormula } from '../../expression/expression.ts'
import { BadInput } from '../../io/bad-input.ts'
import { decodeSafetensors } from '../../io/safetensors.ts'
import type { PredictorDescription } from './description.ts'
import { factors } from './frames.ts'
import { BLOCK_ROWS, createLayers } from './layers.ts'
import type { GraphSource } from './onnx-host.ts'
import { checkPorts, checkType, isSingle } from './onnx-ports.ts'
import { openOnnxNow } from './onnx-session.ts'

/** A network that predicts something at (t, x), in its own time and coordinates. */
interface Predictor {
  /** out = the prediction at n times and n·d values of x. */
  predict(t: Float64Array, x: Float64Array, out: Float64Array): void
  /** Parameters, about: what an evaluation costs is counted in them. */
  readonly parameters: number
  /** The rounding of its numbers, relative to them. */
  readonly rounding: number
}

type Described<Kind> = Extract<PredictorDescription, { kind: Kind }>

const SINGLE = 2 ** -24
const DOUBLE = 2 ** -53
const SINGLE_BYTES = 4

/**
 * A described network that predicts the score or what is as good, compared with its `check`.
 *
 * @param source the weights, or the graph
 * @param file what to call the description in an error
 * @throws InputError for weights or formulas that do not fit the description, or no runtime for ONNX
 */
export function createPredictor(
  description: PredictorDescription,
  source: GraphSource,
  file: string,
): Predictor {
  const predictor = description.kind === 'mlp' ? stack(description, source) : graph(description, source)
  if (description.check) check(predictor, description.check, description.dimension, file)
  return predictor
}

function stack(description: Described<'mlp'>, { bytes, file }: GraphSource): Predictor {
  const { dimension: d, inputs, layers: named } = description
  const timesOf = (text: string, name: string) => {
    const formula = compileFormula(text, ['t'], name)
    return (t: number) => formula({ t })
  }
  const columns = inputs.map((text, k) => (text === 'x' ? null : timesOf(text, `network.inputs[${k}]`)))
  const place = columns.indexOf(null)
  if (place < 0 || columns.lastIndexOf(null) !== place)
    throw new InputError('network.inputs', inputs, 'formulas in t and "x", once')
  const { tensors } = decodeSafetensors(
    bytes,
    file,
    named.flatMap(({ weight, bias }) => (bias === undefined ? [weight] : [weight, bias])),
  )
  const layers = createLayers(description, inputs.length - 1 + d, tensors, file)
  const { skip, out: gain, in: scale } = factors(description.output)
  const around = Object.entries({ skip, out: gain, in: scale }).map(([key, text]) =>
    timesOf(text, `network.output.${key}`),
  )
  const { input, output } = layers
  /** The columns before and after x, and skip, out and in. */
  let [before, after]: [Float64Array, Float64Array] = [new Float64Array(0), new Float64Array(0)]
  const factor = new Float64Array(3 * BLOCK_ROWS)

  function predict(t: Float64Array, x: Float64Array, out: Float64Array): void {
    let last = Number.NaN
    let own = [0, 0, 0]
    for (let first = 0; first < t.length; first += BLOCK_ROWS) {
      const rows = Math.min(BLOCK_ROWS, t.length - first)
      for (let row = 0; row < rows; row++) {
        const time = t[first + row]
        if (time !== last) {
          last = time
          const values = columns.map((column) => column?.(time) ?? 0)
          before = Float64Array.from(values.slice(0, place))
          after = Float64Array.from(values.slice(place + 1))
          own = around.map((formula) => formula(time))
        }
        factor.set(own, 3 * row)
        const at = row * input.stride
        input.values.set(before, at)
        input.values.set(after, at + place + d)
        for (let j = 0; j < d; j++) input.values[at + place + j] = own[2] * x[(first + row) * d + j]
      }
      layers.run(rows)
      for (let row = 0; row < rows; row++) {
        const [skip, gain] = [factor[3 * row], factor[3 * row + 1]]
        for (let j = 0, i = (first + row) * d; j < d; j++, i++)
          out[i] = skip * x[i] + gain * output.values[row * output.stride + j]
      }
    }
  }

  const used = named.flatMap(({ weight, bias }) => [tensors[weight], ...(bias ? [tensors[bias]] : [])])
  return { predict, rounding: DOUBLE, parameters: used.reduce((sum, { data }) => sum + data.length, 0) }
}

function graph(description: Described<'onnx'>, source: GraphSource): Predictor {
  const { dimension: d, names, type } = description
  const session = openOnnxNow([source])
  const [ports] = session.ports
  const { t: time, x: points, prediction } = names
  checkPorts(source.file, ports, { t: time, x: points }, ['prediction', prediction])
  checkType(source.file, ports, points, type)
  return {
    rounding: isSingle(ports, points) ? SINGLE : DOUBLE,
    parameters: source.bytes.length / SINGLE_BYTES,
    predict(t, x, out) {
      const inputs = { [time]: t, [points]: x }
      out.set(session.run({ graph: 0, inputs, output: prediction, rows: t.length, columns: d }))
    },
  }
}

function check(
  { predict }: Predictor,
  { t, x, prediction, tolerance }: NonNullable<PredictorDescription['check']>,
  dimension: number,
  file: string,
): void {
  if (x.length !== t.length || prediction.length !== t.length)
    throw new InputError(
      'network.check',
      [t.length, x.length, prediction.length],
      'as many times, points and predictions',
    )
  for (const [name, rows] of Object.entries({ x, prediction }))
    rows.forEach((row, i) => {
      if (row.length !== dimension)
        throw new InputError(`network.check.${name}[${i}]`, row, `${dimension} numbers`)
    })
  const found = new Float64Array(t.length * dimension)
  predict(Float64Array.from(t), Float64Array.from(x.flat()), found)
  const allowed = tolerance * prediction.flat().reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const shown = (values: ArrayLike<number>) => Array.from(values, (value) => value.toPrecision(6)).join(', ')
  for (const [i, expected] of prediction.entries()) {
    const own = found.subarray(i * dimension, (i + 1) * dimension)
    if (expected.every((value, j) => Math.abs(own[j] - value) <= allowed)) continue
    throw new BadInput(
      file,
      `predicts [${shown(own)}] at check point ${i + 1}`,
      `[${shown(expected)}]: the order of the inputs, the layout, an activation, the time or the output convention differs`,
    )
  }
}
