import { describe, expect, it } from 'vitest'
import { openBlas } from '../../src/kernels/blas.ts'
import { Crew, loadKernels } from '../../src/kernels/crew.ts'
import { MemoryPool } from '../../src/kernels/memory-pool.ts'
import { Random } from '../../src/random/random.ts'

describe('the crew', () => {
  it.each([1, 2, 5])('%i threads do every part of every job once', async (threads) => {
    const pool = new MemoryPool()
    const loaded = await loadKernels(pool.memory)
    const crew = await Crew.start(loaded, pool, threads)
    expect(crew.threads).toBe(threads)
    const count = 4000
    const [x, y, list] = [pool.allocate(4 * count), pool.allocate(4 * count), pool.allocate(12)]
    pool.view(x, count).fill(1)
    pool.view(y, count).fill(0)
    const random = Random.stream(3, 'jobs')
    const jobs = 5000
    const expected = new Float32Array(count)
    for (let job = 0; job < jobs; job++) {
      // a part done twice, left out, or done with the numbers of another job shows: y ← y + weight
      const weight = 1 + random.integer(3)
      const length = 4 * (1 + random.integer(count / 4))
      pool.words(list, 3).set([length, y, x])
      crew.run('blend', 1 + random.integer(20), list, 1, 1, weight)
      for (let k = 0; k < length; k++) expected[k] += weight
      // long enough that the helpers fall asleep
      if (job % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect(Array.from(pool.view(y, count))).toEqual(Array.from(expected))
    await crew.stop()
  })

  it('says what to install where there is no BLAS', async () => {
    const platform = Object.getOwnPropertyDescriptor(process, 'platform')
    try {
      Object.defineProperty(process, 'platform', { ...platform, value: 'sunos' })
      await expect(openBlas(new MemoryPool().memory)).rejects.toThrow(/install OpenBLAS|npm install koffi/)
    } finally {
      if (platform) Object.defineProperty(process, 'platform', platform)
    }
  })
})
