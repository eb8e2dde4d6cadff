import {
  type BufferColumn,
  type GateStep,
  type LayerStep,
  type NetworkProgram,
  padded,
} from '../../kernels/network.ts'
import type { Architecture } from '../architecture.ts'
import { TIME_WIDTH, timeFeatures } from '../architecture.ts'

/** A network as a program of float64 layers, and where its inputs and its output stand. */
export interface NetworkSteps extends NetworkProgram {
  readonly y: BufferColumn
  readonly features: BufferColumn
  readonly output: BufferColumn
}

/** The values of parameters by name. */
export type Weights = (name: string) => Float32Array

/** The layers of `mlp` in ../networks.ts. */
export function mlpSteps(architecture: Architecture, weights: Weights): NetworkSteps {
  const { dimension: d, width, layers, outputs = d } = architecture
  const steps = Array.from({ length: layers + 1 }, (_, k): LayerStep => {
    const to = k === layers ? 3 : 1 + (k % 2)
    return {
      kind: 'layer',
      from: { buffer: k === 0 ? 0 : 2 - (k % 2), column: 0 },
      to: { buffer: to, column: 0 },
      weight: weights(`layer${k}.weight`),
      bias: weights(`layer${k}.bias`),
      tanh: k < layers,
    }
  })
  return {
    buffers: [padded(d + timeFeatures(architecture)), padded(width), padded(width), padded(outputs)],
    steps,
    y: { buffer: 0, column: 0 },
    features: { buffer: 0, column: d },
    output: { buffer: 3, column: 0 },
  }
}

// buffers: y and τ, the features, the first time layer, two of h and τ, the gates, the output
const [INPUT, FEATURES, TIME, HIDDEN, GATES, OUTPUT] = [0, 1, 2, 3, 5, 6]

/** The layers of `film` in ../networks.ts: hW + τS is one product, of (h, τ) by W over S. */
export function filmSteps(architecture: Architecture, weights: Weights): NetworkSteps {
  const { dimension: d, width, layers } = architecture
  const [inner, outer] = [padded(width), padded(d)]
  const place = (buffer: number, column = 0): BufferColumn => ({ buffer, column })
  const layer = (
    from: BufferColumn,
    to: BufferColumn,
    weight: ArrayLike<number>,
    bias: ArrayLike<number>,
  ): LayerStep => ({
    kind: 'layer',
    from,
    to,
    weight,
    bias,
    tanh: true,
  })
  const tau = [place(INPUT, outer), place(HIDDEN, inner), place(HIDDEN + 1, inner)]
  const steps: (LayerStep | GateStep)[] = [
    layer(place(FEATURES), place(TIME), weights('time0.weight'), weights('time0.bias')),
    ...tau.map((to) => layer(place(TIME), to, weights('time1.weight'), weights('time1.bias'))),
  ]
  for (let k = 0; k < layers; k++) {
    const from = k === 0 ? INPUT : HIDDEN + ((k - 1) % 2)
    const to = HIDDEN + (k % 2)
    const W = stacked(weights(`layer${k}.weight`), weights(`layer${k}.shift`), width)
    const gate = weights(`layer${k}.scale`)
    steps.push(
      layer(place(from), place(to), W, weights(`layer${k}.bias`)),
      { ...layer(tau[0], place(GATES), gate, new Float32Array(width).fill(1)), tanh: false },
      { kind: 'gate', to: place(to), by: place(GATES), columns: inner },
    )
  }
  const last = layer(
    place(HIDDEN + ((layers - 1) % 2)),
    place(OUTPUT),
    weights('output.weight'),
    weights('output.bias'),
  )
  return {
    buffers: [
      outer + TIME_WIDTH,
      padded(timeFeatures(architecture)),
      TIME_WIDTH,
      inner + TIME_WIDTH,
      inner + TIME_WIDTH,
      inner,
      outer,
    ],
    steps: [...steps, { ...last, tanh: false }],
    y: place(INPUT),
    features: place(FEATURES),
    output: place(OUTPUT),
  }
}

/** W over S, with rows of 0 between them for the columns that pad h. */
function stacked(W: Float32Array, S: Float32Array, width: number): Float32Array {
  const rows = padded(W.length / width)
  const out = new Float32Array(rows * width + S.length)
  out.set(W)
  out.set(S, rows * width)
  return out
}
