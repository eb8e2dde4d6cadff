import { describe, expect, it } from 'vitest'
import { CURVES, NETWORK_ROWS, NetworkKernel, padded } from '../../src/kernels/network.ts'

const COLUMNS = 7
const arguments_ = [-800, -40, -3, -0.7, -1e-9, 0, 1e-12, 0.3, 1, 5, 37, 710]

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z))
const reference = {
  identity: (z: number) => [z, 1],
  tanh: (z: number) => [Math.tanh(z), 1 / Math.cosh(z) ** 2],
  sigmoid: (z: number) => [sigmoid(z), sigmoid(z) * sigmoid(-z)],
  silu: (z: number) => [z * sigmoid(z), sigmoid(z) + z * sigmoid(z) * sigmoid(-z)],
}

describe.each(CURVES)('the curve %s', (curve) => {
  it('is φ of values plus biases, and φ′ times tangents', () => {
    const columns = padded(COLUMNS)
    const bias = Array.from({ length: COLUMNS }, (_, j) => 0.1 * j)
    const kernel = new NetworkKernel({
      buffers: [columns],
      steps: [{ kind: 'curve', buffer: 0, bias, curve }],
    })
    const [buffer] = kernel.buffers
    const half = NETWORK_ROWS / 2
    const argument = (row: number, j: number) => arguments_[(row + 5 * j) % arguments_.length]
    for (let row = 0; row < half; row++)
      for (let j = 0; j < COLUMNS; j++) {
        buffer[row * columns + j] = argument(row, j)
        buffer[(half + row) * columns + j] = row - j
      }
    kernel.run(NETWORK_ROWS)
    for (let row = 0; row < half; row++)
      for (let j = 0; j < COLUMNS; j++) {
        const [value, slope] = reference[curve](argument(row, j) + bias[j])
        const scale = 1e-15 * (1 + Math.abs(value))
        expect(Math.abs(buffer[row * columns + j] - value)).toBeLessThan(scale)
        expect(Math.abs(buffer[(half + row) * columns + j] - slope * (row - j))).toBeLessThan(1e-14 * half)
      }
  })
})
