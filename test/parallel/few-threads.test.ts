import { afterEach, expect, test, vi } from 'vitest'
import { ComputationError, InputError } from '../../src/errors.ts'
import { Crew, loadKernels } from '../../src/kernels/crew.ts'
import { MemoryPool } from '../../src/kernels/memory-pool.ts'
import { openPool } from '../../src/parallel/pool.ts'

// a system that allows so many threads, as `ulimit -u` does
let allowed = Infinity
vi.mock('node:worker_threads', async (original) => {
  const module = await original<typeof import('node:worker_threads')>()
  class Worker extends module.Worker {
    constructor(...args: ConstructorParameters<typeof module.Worker>) {
      if (--allowed < 0)
        throw Object.assign(new Error('Worker initialization failure: EAGAIN'), {
          code: 'ERR_WORKER_INIT_FAILED',
        })
      super(...args)
    }
  }
  return { ...module, Worker }
})

const warnings: string[] = []
const listen = ({ message }: Error) => warnings.push(message)
process.on('warning', listen)
afterEach(() => {
  allowed = Infinity
})

const worker = new URL('../../cli/evaluate-worker.ts', import.meta.url)
const shared = {
  problem: { process: { kind: 've' }, data: { kind: 'gaussian', mean: [0], covariance: [[1]] } },
  method: { kind: 'exact' },
  time: 1,
  seed: 0,
}
const call = (value: number) => ({ t: 1, x: Float64Array.of(value), dimension: 1 })

test.each([0, 1, 5])('where %d threads are allowed, a pool does all calls', async (most) => {
  allowed = most
  const pool = await openPool({ worker, threads: 3 + most, shared })
  const results = await Promise.all([1, 2, 3, 4, 5].map((x) => pool.run<{ values: Float64Array }>(call(x))))
  await pool.close()
  results.forEach(({ values }, k) => {
    expect(values[0]).toBeCloseTo((k + 1) / Math.SQRT2, 12)
  })
  await new Promise((resolve) => setTimeout(resolve))
  if (most < 5)
    expect(warnings.at(-1)).toBe(
      `The system allows 1 of ${3 + most} threads; the work goes on with one, to the same results.`,
    )
})

test.each([0, 1])('an input error stays one with %d threads', async (most) => {
  allowed = most
  const pool = await openPool({ worker, threads: 1, shared: { ...shared, method: { kind: 'model' } } })
  const error = await pool.run(call(1)).catch((reason) => reason)
  expect(error).toMatchObject({ name: 'InputError', message: expect.stringMatching(/^path is missing/) })
  if (most > 0) expect(error).toBeInstanceOf(InputError)
  await pool.close()
})

test('a pool that is closed rejects what it has not done', async () => {
  const pool = await openPool({ worker, threads: 1, shared })
  const open = [pool.run(call(1)), pool.run(call(2))].map((one) => one.catch((reason) => reason))
  await pool.close()
  for (const reason of await Promise.all(open)) expect(reason).toBeInstanceOf(ComputationError)
})

test('a crew has the helpers that the system allows, and stops them', async () => {
  allowed = 2
  const pool = new MemoryPool()
  const crew = await Crew.start(await loadKernels(pool.memory), pool, 6)
  expect(crew.threads).toBe(3)
  await new Promise((resolve) => setTimeout(resolve))
  expect(warnings.at(-1)).toBe(
    'The system allows 3 of 6 threads; the work goes on with those, to the same results.',
  )
  await crew.stop()
})
