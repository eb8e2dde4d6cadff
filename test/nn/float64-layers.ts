import { Random } from '../../src/random/random.ts'

/** A matrix in float64, row-major. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly values: Float64Array
}

export function randomMatrix(rows: number, columns: number, label: string, scale = 1): Matrix {
  const random = Random.stream(11, label)
  // Values that float32 holds exactly, so that both sides get the same inputs.
  const values = Float64Array.from({ length: rows * columns }, () => Math.fround(scale * random.normal()))
  return { rows, columns, values }
}

function product(a: Matrix, b: Matrix): Matrix {
  const values = new Float64Array(a.rows * b.columns)
  for (let i = 0; i < a.rows; i++)
    for (let k = 0; k < a.columns; k++) {
      const left = a.values[i * a.columns + k]
      for (let j = 0; j < b.columns; j++) values[i * b.columns + j] += left * b.values[k * b.columns + j]
    }
  return { rows: a.rows, columns: b.columns, values }
}

const functions = {
  linear: (z: number) => [z, 1],
  tanh: (z: number) => [Math.tanh(z), 1 - Math.tanh(z) ** 2],
  silu: (z: number) => {
    const s = 1 / (1 + Math.exp(-z))
    return [z * s, s * (1 + z * (1 - s))]
  },
} as const

export interface LayerInputs {
  readonly H: Matrix
  readonly W: Matrix
  readonly b: Matrix
  readonly Tau?: Matrix
  readonly S?: Matrix
  readonly C?: Matrix
}

/** The layers of src/nn/dense.ts, straight from their formulas. */
export function exactLayer(
  inputs: LayerInputs,
  activation: keyof typeof functions,
  dual: boolean,
): Float64Array {
  const { H, W, b, Tau, S, C } = inputs
  const z = product(H, W)
  const gated = Tau !== undefined && S !== undefined && C !== undefined
  const shift = gated ? product(Tau, S).values : null
  const gate = gated ? product(Tau, C).values : null
  const n = dual ? H.rows / 2 : H.rows
  const below = n * W.columns
  const out = new Float64Array(H.rows * W.columns)
  for (let i = 0; i < below; i++) {
    const [value, slope] = functions[activation](z.values[i] + (shift?.[i] ?? 0) + b.values[i % W.columns])
    const gain = 1 + (gate?.[i] ?? 0)
    out[i] = value * gain
    if (!dual) continue
    const rate = slope * (z.values[below + i] + (shift?.[below + i] ?? 0))
    out[below + i] = rate * gain + value * (gate?.[below + i] ?? 0)
  }
  return out
}
