import type { Model } from '../../solvers/neural/index.ts'
import { fieldsOf, messageField } from '../../src/nn/foreign/protobuf.ts'

// A writer of ONNX files (onnx.proto3, IR version 8, operator set 13) for one of our networks: as little of the format as that
// takes. Every operation is written with its tangent beside it, so that the same code makes the dual graph.

type Bytes = number[]

function varint(value: number): Bytes {
  const out: Bytes = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...out, rest]
    out.push((rest % 128) + 128)
  }
}
const number = (field: number, value: number): Bytes => [...varint(field * 8), ...varint(value)]
const bytes = (field: number, content: ArrayLike<number>): Bytes => [
  ...varint(field * 8 + 2),
  ...varint(content.length),
  ...Array.from(content),
]
const text = (field: number, value: string): Bytes => bytes(field, new TextEncoder().encode(value))

const FLOAT = 1
const INT = 2

/** A value with its tangent along (dt, dx); '' where that is 0. */
interface Dual {
  readonly value: string
  readonly rate: string
}

/** A graph that grows by constants and operations, of which a file is made. */
export class GraphFile {
  readonly #nodes: Bytes[] = []
  readonly #constants: Bytes[] = []
  #count = 0

  constant(values: ArrayLike<number>, shape: readonly number[]): string {
    const name = `c${this.#count++}`
    const raw = new Uint8Array(new Float32Array(Array.from(values)).buffer)
    this.#constants.push([
      ...shape.flatMap((size) => number(1, size)),
      ...number(2, FLOAT),
      ...text(8, name),
      ...bytes(9, raw),
    ])
    return name
  }

  node(
    operation: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, number>> = {},
  ): string {
    const output = `v${this.#count++}`
    this.#nodes.push([
      ...inputs.flatMap((name) => text(1, name)),
      ...text(2, output),
      ...text(4, operation),
      ...Object.entries(attributes).flatMap(([name, value]) =>
        bytes(5, [...text(1, name), ...number(3, value), ...number(20, INT)]),
      ),
    ])
    return output
  }

  /** The bytes of the file: inputs and outputs by name with their number of columns, where one is declared. */
  file(
    inputs: Readonly<Record<string, number>>,
    outputs: Readonly<Record<string, [string, number?]>>,
    type: 1 | 11 = FLOAT,
  ): Uint8Array {
    const info = (name: string, columns?: number): Bytes => {
      if (columns === undefined) return [...text(1, name), ...bytes(2, bytes(1, number(1, type)))]
      const shape = [...bytes(1, text(2, 'n')), ...bytes(1, number(1, columns))]
      return [...text(1, name), ...bytes(2, bytes(1, [...number(1, type), ...bytes(2, shape)]))]
    }
    const named = Object.entries(outputs).map(([name, [value]]) => [
      ...text(1, value),
      ...text(2, name),
      ...text(4, 'Identity'),
    ])
    const graph = [
      ...[...this.#nodes, ...named].flatMap((node) => bytes(1, node)),
      ...text(2, 'network'),
      ...this.#constants.flatMap((constant) => bytes(5, constant)),
      ...Object.entries(inputs).flatMap(([name, columns]) => bytes(11, info(name, columns))),
      ...Object.entries(outputs).flatMap(([name, [, columns]]) => bytes(12, info(name, columns))),
    ]
    return Uint8Array.from([...number(1, 8), ...bytes(7, graph), ...bytes(8, number(2, 13))])
  }
}

/**
 * f(t, x) of an `mlp` model as an ONNX file, or (t, x, dx) → (f, df) with `dual`: docs/mathematics.md §7 in float32.
 */
export function asOnnx(model: Model, dual: boolean): Uint8Array {
  const g = new GraphFile()
  const { dimension: d, layers } = model.description.architecture
  const { eigenvalues, eigenvectors: V, mean, scale: c } = model.moments
  const scalar = (value: number) => g.constant([value], [1, 1])
  const columns = (values: ArrayLike<number>) => g.constant(values, [1, values.length])
  const rate = (make: () => string) => (dual ? make() : '')
  const times = (a: Dual, b: Dual): Dual => ({
    value: g.node('Mul', [a.value, b.value]),
    rate: rate(() => g.node('Add', [g.node('Mul', [a.rate, b.value]), g.node('Mul', [a.value, b.rate])])),
  })
  const scaled = (a: Dual, factor: string): Dual => ({
    value: g.node('Mul', [a.value, factor]),
    rate: rate(() => g.node('Mul', [a.rate, factor])),
  })
  const shifted = (a: Dual, by: string): Dual => ({ value: g.node('Add', [a.value, by]), rate: a.rate })
  const plus = (a: Dual, b: Dual): Dual => ({
    value: g.node('Add', [a.value, b.value]),
    rate: rate(() => g.node('Add', [a.rate, b.rate])),
  })
  const product = (a: Dual, M: string): Dual => ({
    value: g.node('MatMul', [a.value, M]),
    rate: rate(() => g.node('MatMul', [a.rate, M])),
  })
  const one = scalar(1)
  /** φ(a) with the slope from a and φ(a). */
  const curve = (operation: string, a: Dual, slope: (value: string) => string): Dual => {
    const value = g.node(operation, [a.value])
    return { value, rate: rate(() => g.node('Mul', [a.rate, slope(value)])) }
  }
  const square = (value: string) => g.node('Mul', [value, value])
  const sine = (a: Dual) => curve('Sin', a, () => g.node('Cos', [a.value]))
  const cosine = (a: Dual) => curve('Cos', a, () => g.node('Neg', [g.node('Sin', [a.value])]))
  const arctangent = (a: Dual) =>
    curve('Atan', a, () => g.node('Div', [one, g.node('Add', [one, square(a.value)])]))
  const tangent = (a: Dual) => curve('Tanh', a, (value) => g.node('Sub', [one, square(value)]))

  const t: Dual = { value: 't', rate: one }
  const x: Dual = { value: 'x', rate: 'dx' }
  const theta = arctangent(scaled(t, scalar(1 / c)))
  // y = Vᵀ(x − μ) / √(λ + t²)
  const spread = shifted(times(t, t), columns(eigenvalues))
  const root = curve('Sqrt', spread, (value) => g.node('Div', [scalar(0.5), value]))
  const inverse = curve('Reciprocal', root, (value) => g.node('Neg', [square(value)]))
  const y = times(product(shifted(x, columns(mean.map((value) => -value))), g.constant(V, [d, d])), inverse)
  // a column of dθ for every row
  const whole = (a: Dual): Dual => ({
    value: a.value,
    rate: rate(() => g.node('Mul', [a.rate, g.node('Add', [g.node('Mul', ['t', scalar(0)]), one])])),
  })
  const twice = scaled(theta, scalar(2))
  const features = [
    ...[sine(theta), cosine(theta), sine(twice), cosine(twice)],
    ...[1, 3, 9].map((a) => arctangent(scaled(t, scalar(a / c)))),
  ]
  const inputs = [y, ...features.map(whole)]
  let h: Dual = {
    value: g.node(
      'Concat',
      inputs.map(({ value }) => value),
      { axis: 1 },
    ),
    rate: rate(() =>
      g.node(
        'Concat',
        inputs.map(({ rate: name }) => name),
        { axis: 1 },
      ),
    ),
  }
  for (let k = 0; k <= layers; k++) {
    const bias = model.weights[2 * k + 1]
    const W = g.constant(model.weights[2 * k], [model.weights[2 * k].length / bias.length, bias.length])
    h = shifted(product(h, W), columns(bias))
    if (k < layers) h = tangent(h)
  }
  const factor = times(sine(theta), sine(theta))
  const u = scaled(plus(y, times(factor, h)), columns(eigenvalues.map(Math.sqrt)))
  const turned = Float64Array.from({ length: d * d }, (_, i) => V[(i % d) * d + Math.floor(i / d)])
  const f = shifted(product(u, g.constant(turned, [d, d])), columns(mean))
  return dual
    ? g.file({ t: 1, x: d, dx: d }, { f: [f.value, d], df: [f.rate, d] })
    : g.file({ t: 1, x: d }, { f: [f.value, d] })
}

/** A graph whose one operation has another graph as its attribute. */
export function graphAttribute(operation: string): Uint8Array {
  const attribute = [...text(1, 'body'), ...bytes(6, text(2, 'inner')), ...number(20, 5)]
  const node = [...text(1, 'x'), ...text(2, 'f'), ...text(4, operation), ...bytes(5, attribute)]
  return Uint8Array.from([...number(1, 8), ...bytes(7, bytes(1, node)), ...bytes(8, number(2, 13))])
}

/** The same graph with its weights in another file, as PyTorch exports it: 16 bytes of nothing stand before the first. */
export function withWeightsElsewhere(file: Uint8Array, location: string) {
  const weights: Bytes = new Array(16).fill(0)
  const parts: Uint8Array[] = []
  for (const field of fieldsOf(file)) {
    if (field.number !== 7) {
      parts.push(field.written)
      continue
    }
    const graph = fieldsOf(field.bytes).flatMap((one) => {
      if (one.number !== 5) return [one.written]
      const tensor = fieldsOf(one.bytes)
      const raw = tensor.find(({ number: key }) => key === 9)?.bytes ?? new Uint8Array()
      const entries = { location, offset: weights.length, length: raw.length }
      weights.push(...raw)
      const place = Object.entries(entries).flatMap(([key, value]) =>
        bytes(13, [...text(1, key), ...text(2, String(value))]),
      )
      const kept = tensor.filter(({ number: key }) => key !== 9).map(({ written }) => written)
      return messageField(5, [...kept, Uint8Array.from([...place, ...number(14, 1)])])
    })
    parts.push(...messageField(7, graph))
  }
  return { graph: Uint8Array.from(parts.flatMap((part) => [...part])), weights: Uint8Array.from(weights) }
}

/** A graph whose one tensor is said to be in another file. */
export function tensorInAnotherFile(path: string): Uint8Array {
  const place = bytes(13, [...text(1, 'location'), ...text(2, path)])
  const tensor = [...number(1, 4), ...number(2, FLOAT), ...text(8, 'c0'), ...place, ...number(14, 1)]
  return Uint8Array.from([...number(1, 8), ...bytes(7, bytes(5, tensor)), ...bytes(8, number(2, 13))])
}
