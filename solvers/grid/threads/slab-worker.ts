import { parentPort } from 'node:worker_threads'
import type { GridVelocity } from '../counted.ts'
import { type SchemeName, schemes } from '../schemes/index.ts'
import type { Scheme } from '../schemes/scheme.ts'
import { meet, waitWhile, words } from './barrier.ts'
import { type SlabPlan, slabStep } from './slab.ts'

// A thread that does its slab of every step that is asked for, until it is stopped.

parentPort?.once('message', ({ plan, rank }: { plan: SlabPlan; rank: number }) => {
  const scheme: Scheme = schemes[plan.scheme as SchemeName]()
  if (!scheme.lines?.kernel) throw new Error(`${plan.scheme} has no slabs.`)
  const velocity: GridVelocity = Object.assign(() => undefined, { mixture: plan.mixture })
  const step = slabStep(plan, rank, scheme.lines, scheme.lines.kernel, velocity)
  parentPort?.postMessage('ready')
  for (let job = 0; ; job++) {
    waitWhile(plan.words, words.job, job)
    step(plan.angles[0], plan.angles[1])
    meet(plan.words, plan.parties)
  }
})
