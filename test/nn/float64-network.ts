import type { Architecture } from '../../src/nn/architecture.ts'
import { createNetwork } from '../../src/nn/networks.ts'

type Row = readonly number[]

/** F(θ, y) or F(θ, φ, y) of an architecture for one row in float64, written out by hand: what the tensors are tested against. */
export function float64Network(
  architecture: Architecture,
  weights: readonly Float32Array[],
): (theta: number, y: Row, phi?: number) => number[] {
  const { parameters } = createNetwork(architecture)
  const get = (name: string) => {
    const i = parameters.findIndex((parameter) => parameter.name === name)
    return { values: weights[i], columns: parameters[i].shape.at(-1) as number }
  }
  const times = (h: Row, name: string): number[] => {
    const { values, columns } = get(name)
    return Array.from({ length: columns }, (_, j) =>
      h.reduce((sum, value, i) => sum + value * values[i * columns + j], 0),
    )
  }
  const plus = (...rows: Row[]): number[] => rows[0].map((_, j) => rows.reduce((sum, row) => sum + row[j], 0))
  const bias = (name: string): Row => [...get(name).values]
  const featuresOf = (theta: number): Row => {
    const [s, c] = [Math.sin(theta), Math.cos(theta)]
    return [s, c, Math.sin(2 * theta), Math.cos(2 * theta), ...[1, 3, 9].map((a) => Math.atan2(a * s, c))]
  }
  const features = (theta: number, phi: number): Row =>
    architecture.times ? [...featuresOf(theta), ...featuresOf(phi)] : featuresOf(theta)
  const { layers } = architecture
  if (architecture.kind === 'mlp')
    return (theta, y, phi = 0) => {
      let h: Row = [...y, ...features(theta, phi)]
      for (let k = 0; k < layers; k++)
        h = plus(times(h, `layer${k}.weight`), bias(`layer${k}.bias`)).map(Math.tanh)
      return plus(times(h, `layer${layers}.weight`), bias(`layer${layers}.bias`))
    }
  return (theta, y, phi = 0) => {
    let tau: Row = features(theta, phi)
    for (const k of [0, 1]) tau = plus(times(tau, `time${k}.weight`), bias(`time${k}.bias`)).map(Math.tanh)
    let h: Row = y
    for (let k = 0; k < layers; k++) {
      const shift = times(tau, `layer${k}.shift`)
      const scale = times(tau, `layer${k}.scale`)
      h = plus(times(h, `layer${k}.weight`), shift, bias(`layer${k}.bias`)).map(
        (z, j) => Math.tanh(z) * (1 + scale[j]),
      )
    }
    return plus(times(h, 'output.weight'), bias('output.bias'))
  }
}
