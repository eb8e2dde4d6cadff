import type { Worker } from 'node:worker_threads'
import type { UniformGrid } from '../../../src/numeric/uniform-grid.ts'
import { startThread, warnOfFewer, workerModule } from '../../../src/parallel/pool.ts'
import type { GridVelocity } from '../counted.ts'
import type { Discretisation, Motion, Scheme } from '../schemes/scheme.ts'
import { meet, words } from './barrier.ts'
import { type SlabPlan, slabStep } from './slab.ts'

/** Threads that take the steps of a scheme together. */
interface SlabCrew {
  readonly step: Discretisation['step']
  /** Stops the threads. */
  stop(): Promise<void>
}

/**
 * Starts threads − 1 helpers, or as many as the system allows, for a grid of two or three dimensions; this thread does a slab too. Null where one thread does all: for
 * schemes without a kernel, on a line, whose steps are too short, for data that is no Gaussian mixture, in a browser, and where
 * slabs would be thinner than a stencil.
 */
export async function slabCrew(
  scheme: Scheme,
  grid: UniformGrid,
  motion: Motion | undefined,
  velocity: GridVelocity,
  threads: number,
): Promise<SlabCrew | null> {
  const { lines } = scheme
  const { mixture, count } = velocity
  if (!lines?.kernel || !mixture || grid.dimension === 1) return null
  if (typeof process === 'undefined' || !process.versions?.node) return null
  const wanted = Math.min(threads, Math.floor(grid.nodes / (2 * lines.ghosts)))
  const helpers = await startHelpers(wanted - 1)
  const parties = helpers.length + 1
  warnOfFewer(wanted, parties)
  if (parties < 2) return null
  const length = grid.size * grid.dimension
  const plan: SlabPlan = {
    scheme: scheme.name,
    ...{ grid, mixture, motion, parties },
    state: shared(length),
    edges: shared(4 * parties * lines.ghosts * (length / grid.nodes)),
    angles: shared(2),
    words: new Int32Array(new SharedArrayBuffer(4 * words.count)),
  }
  await handOut(plan, helpers)
  // counted once for all: as many as without threads
  const counting: GridVelocity = Object.assign(() => undefined, { mixture, count: () => count?.(grid.size) })
  const own = slabStep(plan, 0, lines, lines.kernel, counting)
  return {
    step(f, from, to) {
      plan.state.set(f)
      plan.angles[0] = from
      plan.angles[1] = to
      Atomics.add(plan.words, words.job, 1)
      Atomics.notify(plan.words, words.job)
      own(from, to)
      meet(plan.words, parties)
      f.set(plan.state)
    },
    async stop() {
      await Promise.all(helpers.map((helper) => helper.terminate()))
    },
  }
}

async function startHelpers(count: number): Promise<Worker[]> {
  const { Worker } = await import('node:worker_threads')
  const url = new URL(workerModule(new URL('./slab-worker.ts', import.meta.url)))
  const helpers: Worker[] = []
  while (helpers.length < count) {
    const helper = startThread(() => new Worker(url))
    if (helper === null) break
    helpers.push(helper)
  }
  return helpers
}

/** Gives each helper its slab, and waits until all have them. */
async function handOut(plan: SlabPlan, helpers: readonly Worker[]): Promise<void> {
  try {
    await Promise.all(
      helpers.map(
        (helper, k) =>
          new Promise<void>((resolve, reject) => {
            helper.once('message', () => resolve())
            helper.once('error', reject)
            helper.postMessage({ plan, rank: k + 1 })
          }),
      ),
    )
  } catch (error) {
    await Promise.all(helpers.map((helper) => helper.terminate()))
    throw error
  }
}

function shared(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * length))
}
