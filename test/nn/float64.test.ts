import { describe, expect, it } from 'vitest'
import { useBackend } from '../../src/backend/index.ts'
import type { Architecture } from '../../src/nn/architecture.ts'
import { float64Network as evaluated } from '../../src/nn/float64/network.ts'
import { networkInputs } from '../../src/nn/networks.ts'
import { float64Network } from './float64-network.ts'
import { randomNetwork, randomRows } from './random-network.ts'

await useBackend('cpu')

const architectures: Architecture[] = [
  { kind: 'mlp', dimension: 2, width: 24, layers: 3 },
  { kind: 'mlp', dimension: 1, width: 7, layers: 1 },
  { kind: 'mlp', dimension: 5, width: 33, layers: 2 },
  { kind: 'film', dimension: 2, width: 24, layers: 1 },
  { kind: 'film', dimension: 5, width: 13, layers: 3 },
  { kind: 'film', dimension: 6, width: 30, layers: 2 },
]

describe.each(architectures)('a $kind network of $layers × $width in float64 SIMD', (architecture) => {
  const { values } = randomNetwork(architecture, 3)
  const network = evaluated(architecture, values)
  const d = architecture.dimension

  it('has the values of its formula, in float64', () => {
    const exact = float64Network(architecture, values)
    const n = 150
    const y = randomRows(n * d, 1.5, 1)
    const theta = Float64Array.from({ length: n }, (_, i) => 0.01 * Math.floor(i / 2))
    const out = new Float64Array(n * d)
    network(theta, y, out)
    for (let i = 0; i < n; i++) {
      const row = exact(theta[i], [...y.slice(i * d, (i + 1) * d)])
      for (let j = 0; j < d; j++) expect(Math.abs(out[i * d + j] - row[j])).toBeLessThan(2e-14)
    }
  })

  it('gives a row the same bits in any company', () => {
    const n = 70
    const y = randomRows(n * d, 1, 2)
    const theta = randomRows(n, 0.3, 3).map(Math.abs)
    const all = new Float64Array(n * d)
    network(theta, y, all)
    for (const i of [0, 1, 6, 63, 64, 69]) {
      const one = new Float64Array(d)
      network(theta.slice(i, i + 1), y.slice(i * d, (i + 1) * d), one)
      expect(one).toEqual(all.slice(i * d, (i + 1) * d))
    }
  })
})

it.each([
  { kind: 'mlp', dimension: 5, width: 20, layers: 2, units: 8 },
  { kind: 'film', dimension: 3, width: 12, layers: 1, units: 4 },
] as Architecture[])('the additive part of a $kind network is in it', (architecture) => {
  const { network, values, tensors } = randomNetwork(architecture, 3)
  const d = architecture.dimension
  const y = randomRows(40 * d, 1, 2)
  const theta = Float64Array.from({ length: 40 }, (_, i) => 0.07 * Math.floor(i / 2))
  const out = new Float64Array(40 * d)
  evaluated(architecture, values)(theta, y, out)
  const expected = network.forward(tensors, networkInputs(theta, y)).dataSync()
  const without = new Float64Array(40 * d)
  const { units: _, ...plain } = architecture
  evaluated(plain, values)(theta, y, without)
  for (let i = 0; i < out.length; i++) expect(Math.abs(out[i] - expected[i])).toBeLessThan(2e-5)
  expect(Math.max(...out.map((value, i) => Math.abs(value - without[i])))).toBeGreaterThan(0.05)
})
