import { describe, expect, it } from 'vitest'
import { ComputationError } from '../../src/errors.ts'
import { MemoryPool } from '../../src/kernels/memory-pool.ts'
import { Random } from '../../src/random/random.ts'

describe('MemoryPool', () => {
  it('gives blocks that do not overlap, through growth and reuse', () => {
    const pool = new MemoryPool(1 << 16)
    const random = new Random(3)
    const blocks = new Map<number, { values: Float32Array; mark: number }>()
    for (let k = 0; k < 2000; k++) {
      if (blocks.size > 0 && random.uniform() < 0.45) {
        const [address, { values, mark }] = [...blocks][random.integer(blocks.size)]
        expect(values.every((value) => value === mark)).toBe(true)
        pool.free(address)
        blocks.delete(address)
      } else {
        const length = 1 + random.integer(3000)
        const address = pool.allocate(4 * length)
        expect(address % 64).toBe(0)
        blocks.set(address, { values: pool.view(address, length).fill(k), mark: k })
      }
    }
    for (const { values, mark } of blocks.values()) expect(values.every((value) => value === mark)).toBe(true)
  })

  it('stops growing when the same sizes come again', () => {
    const pool = new MemoryPool(1 << 16)
    const round = () => {
      const addresses = [100, 5000, 5001, 70_000].map((bytes) => pool.allocate(bytes))
      for (const address of addresses) pool.free(address)
    }
    round()
    const before = pool.highWater
    for (let k = 0; k < 1000; k++) round()
    expect(pool.highWater).toBe(before)
  })

  it('refuses to free what is not in use', () => {
    const pool = new MemoryPool(1 << 16)
    const address = pool.allocate(8)
    pool.free(address)
    expect(() => pool.free(address)).toThrow(ComputationError)
  })
})
