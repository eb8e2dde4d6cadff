import { parentPort, workerData } from 'node:worker_threads'
import type { Progress } from '../progress.ts'
import type { Answer, PoolThreadData, WorkerModule } from './pool.ts'

// A thread of a pool: does one call after the other with the module it was given.

const { module, shared } = workerData as PoolThreadData
const { default: work }: WorkerModule = await import(module)
const answer = (message: Answer) => parentPort?.postMessage(message)
const port = { postMessage: (progress: Progress) => answer({ progress }) }
parentPort?.on('message', async (data: unknown) => {
  try {
    answer({ result: await work({ data, shared, port }) })
  } catch (error) {
    const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error))
    answer({ error: { name, message, stack } })
  }
})
