import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { type BackendName, useBackend } from '../../src/backend/index.ts'
import { ComputationError, InputError } from '../../src/errors.ts'

describe('useBackend', () => {
  it.each(['simd', 'cpu'] as const)('starts %s and says what it is', async (name) => {
    const { name: found, description } = await useBackend(name)
    expect(found).toBe(name)
    expect(tf.getBackend()).toBe(name)
    expect(description.length).toBeGreaterThan(5)
  })

  it('takes tensorflow where it works, our kernels otherwise', async () => {
    const hasTensorflow = await useBackend('tensorflow').then(
      () => true,
      () => false,
    )
    expect((await useBackend()).name).toBe(hasTensorflow ? 'tensorflow' : 'simd')
  })

  it('says how to install tensorflow where it does not load', async () => {
    const outcome = await useBackend('tensorflow').catch((problem: unknown) => problem)
    if (outcome instanceof Error) {
      expect(outcome).toBeInstanceOf(ComputationError)
      expect(outcome.message).toMatch(/npm install @tensorflow\/tfjs-node/)
    } else {
      expect(tf.getBackend()).toBe('tensorflow')
    }
  })

  it('keeps the tensors when it is asked again for what runs', async () => {
    await useBackend('simd')
    const x = tf.square(tf.tensor1d([1, 2, 3]))
    await useBackend('simd')
    expect(Array.from(tf.square(x).dataSync())).toEqual([1, 16, 81])
  })

  it('leaves matrix products to a BLAS when asked, and names it', async () => {
    const product = () => {
      const x = tf.tensor2d(
        Float32Array.from({ length: 300 * 200 }, (_, k) => Math.sin(k)),
        [300, 200],
      )
      return Array.from(tf.matMul(x, x, true, false).dataSync())
    }
    const { description: plain } = await useBackend('simd')
    const ours = product()
    const outcome = await useBackend('simd', { blas: true }).catch((problem: unknown) => problem)
    if (outcome instanceof Error) {
      expect(outcome).toBeInstanceOf(ComputationError)
      expect(outcome.message).toMatch(/OpenBLAS|koffi/)
    } else {
      expect((outcome as { description: string }).description).toContain('matrix products by')
      const theirs = product()
      expect(Math.max(...theirs.map((value, k) => Math.abs(value - ours[k])))).toBeLessThan(1e-4)
    }
    const { description } = await useBackend('simd')
    expect(description).toBe(plain)
    expect(product()).toEqual(ours)
  })

  it('refuses names and thread counts that do not exist', async () => {
    await expect(useBackend('webgl' as BackendName)).rejects.toThrow(InputError)
    await expect(useBackend('simd', { threads: 0 })).rejects.toThrow(InputError)
  })
})
