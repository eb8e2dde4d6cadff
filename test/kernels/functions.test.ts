import { describe, expect, it } from 'vitest'
import { loadKernels } from '../../src/kernels/crew.ts'
import { MemoryPool } from '../../src/kernels/memory-pool.ts'
import { Random } from '../../src/random/random.ts'

const functions = [
  { name: 'tanh', op: 0, exact: Math.tanh, range: 12, relative: 5e-7 },
  { name: 'sigmoid', op: 1, exact: (x: number) => 1 / (1 + Math.exp(-x)), range: 80, relative: 5e-7 },
  { name: 'exp', op: 2, exact: Math.exp, range: 87, relative: 3e-7 },
] as const

describe.each(['relaxed', 'plain'] as const)('the %s build', (build) => {
  it.each(functions)('$name has float32 accuracy', async ({ op, exact, range, relative }) => {
    const pool = new MemoryPool()
    const { kernels } = await loadKernels(pool.memory, { build })
    const count = 20_003
    const x = pool.allocate(4 * count)
    const y = pool.allocate(4 * count)
    const values = pool.view(x, count)
    // Dense around 0, where relative accuracy is hardest, and up to the ends of the range.
    for (let i = 0; i < count; i++) {
      const s = (2 * i) / (count - 1) - 1
      values[i] = i % 2 ? range * s : range * s ** 9
    }
    kernels.unary(0, 1, op, count, x, y)
    const found = pool.view(y, count)
    let worst = 0
    for (let i = 0; i < count; i++) {
      const right = exact(values[i])
      worst = Math.max(worst, Math.abs(found[i] - right) / Math.max(Math.abs(right), 1e-37))
    }
    expect(worst).toBeLessThan(relative)
  })

  it('saturates and passes infinities', async () => {
    const pool = new MemoryPool()
    const { kernels } = await loadKernels(pool.memory, { build })
    const x = pool.allocate(16)
    const y = pool.allocate(16)
    pool.view(x, 4).set([-Infinity, -500, 500, Infinity])
    kernels.unary(0, 1, 0, 4, x, y)
    expect(Array.from(pool.view(y, 4), Math.abs)).toEqual([1, 1, 1, 1].map((v) => expect.closeTo(v, 6)))
    kernels.unary(0, 1, 1, 4, x, y)
    expect(Array.from(pool.view(y, 4))).toEqual([0, 0, 1, 1].map((v) => expect.closeTo(v, 6)))
  })

  it('does not hide a number that is not one', async () => {
    const pool = new MemoryPool()
    const { kernels } = await loadKernels(pool.memory, { build })
    const x = pool.allocate(16)
    const y = pool.allocate(16)
    pool.view(x, 4).fill(NaN)
    for (const op of [0, 1, 2, 3, 4, 5]) {
      kernels.unary(0, 1, op, 4, x, y)
      expect(Array.from(pool.view(y, 4), Number.isNaN)).toEqual([true, true, true, true])
    }
  })

  it.each([1, 2, 5, 16, 33, 128])('makes an orthogonal factor of side %i with A = QR', async (n) => {
    const pool = new MemoryPool()
    const { kernels } = await loadKernels(pool.memory, { build })
    const random = new Random(n)
    const line = Math.ceil(n / 4) * 4
    const a = pool.allocate(4 * n * n)
    const q = pool.allocate(4 * n * n)
    const work = pool.allocate(4 * (2 * n * line + line))
    const matrix = pool.view(a, n * n)
    for (let k = 0; k < n * n; k++) matrix[k] = random.normal()
    // Columns of very different sizes, one of them 0: an average of few gradients is like that.
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) matrix[i * n + j] *= j === 1 ? 0 : 10 ** (-j % 12)
    kernels.orthogonalFactor(n, line, a, q, work)
    const Q = pool.view(q, n * n)
    const dot = (x: Float32Array, i: number, y: Float32Array, j: number) => {
      let sum = 0
      for (let k = 0; k < n; k++) sum += x[k * n + i] * y[k * n + j]
      return sum
    }
    let skew = 0
    let below = 0
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        skew = Math.max(skew, Math.abs(dot(Q, i, Q, j) - (i === j ? 1 : 0)))
        // R = QᵀA is upper triangular, column by column relative to the column.
        if (i > j)
          below = Math.max(
            below,
            Math.abs(dot(Q, i, matrix, j)) / (Math.sqrt(dot(matrix, j, matrix, j)) || 1),
          )
      }
    expect(skew).toBeLessThan(1e-6 * Math.sqrt(n) + 1e-6)
    expect(below).toBeLessThan(1e-6 * Math.sqrt(n) + 1e-6)
  })
})
