import type { FlowMixture } from '../../../src/kernels/mixture-flow.ts'
import type { UniformGrid } from '../../../src/numeric/uniform-grid.ts'
import type { GridVelocity } from '../counted.ts'
import { kernelLines } from '../schemes/line-fields.ts'
import { rungeKuttaStep, velocitiesKept } from '../schemes/line-scheme.ts'
import type { LineDerivative, LineKernel, Motion } from '../schemes/scheme.ts'
import { meet } from './barrier.ts'

/** What all threads know: the scheme, the grid, and the memory they share. */
export interface SlabPlan {
  readonly scheme: string
  readonly grid: UniformGrid
  readonly mixture: FlowMixture
  readonly motion: Motion | undefined
  /** Threads, each with a slab of rows along the first axis. */
  readonly parties: number
  /** [nodes^d, d] the state, whole between steps */
  readonly state: Float64Array
  /** Rows next to another slab, of the point of a stage: [2 by turns, parties, low and high, ghosts, row]. */
  readonly edges: Float64Array
  /** The angles a step goes from and to. */
  readonly angles: Float64Array
  readonly words: Int32Array
}

/** Rows `first` … `end` − 1 of the first axis, for one of the parties. */
export function slabOf(nodes: number, parties: number, rank: number): { first: number; end: number } {
  return { first: Math.floor((rank * nodes) / parties), end: Math.floor(((rank + 1) * nodes) / parties) }
}

/**
 * The part of one thread in a step: all nodes of its slab, from the shared state and back into it. The stencils of a stage reach `ghosts` rows into the
 * neighbours, whose values are exchanged between stages. Every node has the operations that it has without threads,
 * in their order, so the bits are the same for any number of them.
 */
export function slabStep(
  plan: SlabPlan,
  rank: number,
  line: LineDerivative,
  kernel: LineKernel,
  velocity: GridVelocity,
): (from: number, to: number) => void {
  const { grid, motion, parties, state, words } = plan
  const { ghosts } = line
  const row = state.length / grid.nodes
  const { first, end } = slabOf(grid.nodes, parties, rank)
  const below = rank > 0 ? ghosts : 0
  const above = rank < parties - 1 ? ghosts : 0
  const block = { grid, first: first - below, rows: end + above - (first - below) }
  const fields = kernelLines(line, kernel, block, velocity, velocitiesKept(line.integrator))
  const edge = (turn: number, owner: number, side: 0 | 1) => {
    const at = ((turn * parties + owner) * 2 + side) * ghosts * row
    return plan.edges.subarray(at, at + ghosts * row)
  }
  let turn = 0

  /** Gives the outer rows of the point to the neighbours, and takes theirs. */
  function exchange(): void {
    turn = 1 - turn
    if (below > 0) fields.kernel.store(edge(turn, rank, 0), 'point', below)
    if (above > 0) fields.kernel.store(edge(turn, rank, 1), 'point', below + end - first - ghosts)
    meet(words, parties)
    if (below > 0) fields.kernel.load(edge(turn, rank - 1, 1), 'point', 0)
    if (above > 0) fields.kernel.load(edge(turn, rank + 1, 0), 'point', below + end - first)
  }

  const step = rungeKuttaStep(
    line,
    {
      ...fields,
      load: () => fields.load(state.subarray(block.first * row, (block.first + block.rows) * row)),
      store() {
        // not before all have taken the old state
        meet(words, parties)
        fields.kernel.store(state.subarray(first * row, end * row), 'state', below)
      },
      add(place, h, weights) {
        fields.add(place, h, weights)
        if (place === 'point') exchange()
      },
    },
    motion,
  )
  return (from, to) => step(state, from, to)
}
