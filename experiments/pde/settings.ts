import type { ProblemSpec } from '../../src/specification/problem.ts'

/** How much work the experiment does. */
export interface PdeSettings {
  /** Trajectories of the error (docs/mathematics.md §5). */
  readonly trajectories: number
  /** Cost of evaluation is measured over at least this many milliseconds of CPU time. */
  readonly milliseconds: number
  readonly problems: readonly PdeProblem[]
}

/** One problem with the sizes of every method; methods without sizes are left out. */
export interface PdeProblem {
  readonly name: string
  readonly time: number
  /** A problem file's content, or the dimension of a rotated product made from the seed. */
  readonly problem: ProblemSpec | number
  readonly weno5?: readonly number[]
  readonly forwardMap?: readonly number[]
  readonly characteristics: readonly number[]
  readonly sampler: readonly number[]
  readonly pinn: readonly number[]
  readonly cd: readonly number[]
  /** Units a layer of the networks; default that of `train`. */
  readonly width?: number
}

const smooth = {
  process: { kind: 've' },
  data: { kind: 'mixture', weights: [0.5, 0.5], means: [-1.5, 1.5], stds: [0.8, 0.8] },
} as const

const modes = {
  process: { kind: 've' },
  data: {
    kind: 'mixture',
    weights: [0.5, 0.3, 0.2],
    means: [
      [-1, 0],
      [1, 1],
      [1, -1],
    ],
    stds: [0.3, 0.3, 0.25],
  },
} as const

const tolerances = [1e-1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-8]
const sampler = [6, 12, 24, 48, 96]

export const full: PdeSettings = {
  trajectories: 2000,
  milliseconds: 200,
  problems: [
    {
      ...{ name: 'two modes, d = 1', time: 5, problem: smooth as unknown as ProblemSpec, width: 32 },
      ...{
        weno5: [33, 65, 129, 257, 513],
        forwardMap: [16, 32, 64, 128],
        characteristics: tolerances,
        sampler,
      },
      ...{ pinn: [200, 600, 1800], cd: [200, 600, 1800] },
    },
    {
      ...{ name: 'three modes, d = 2', time: 10, problem: modes as unknown as ProblemSpec, width: 64 },
      ...{ weno5: [33, 65, 129], forwardMap: [16, 32, 48, 64], characteristics: tolerances, sampler },
      ...{ pinn: [200, 600, 1800], cd: [200, 600, 1800] },
    },
    {
      ...{ name: 'rotated product, d = 16', time: 8, problem: 16, characteristics: tolerances, sampler },
      ...{ pinn: [60, 180, 540], cd: [60, 180, 540], width: 128 },
    },
    {
      ...{ name: 'rotated product, d = 128', time: 8, problem: 128, characteristics: tolerances, sampler },
      ...{ pinn: [50, 150], cd: [50, 150], width: 256 },
    },
  ],
}

export const quick: PdeSettings = {
  trajectories: 500,
  milliseconds: 30,
  problems: [
    {
      ...{ name: 'two modes, d = 1', time: 5, problem: smooth as unknown as ProblemSpec, width: 32 },
      ...{ weno5: [33, 65, 129], forwardMap: [16, 32, 64], characteristics: [1e-2, 1e-4, 1e-8], sampler },
      ...{ pinn: [100, 300], cd: [100, 300] },
    },
    {
      ...{ name: 'rotated product, d = 16', time: 8, problem: 16, width: 64 },
      ...{ characteristics: [1e-2, 1e-4, 1e-8], sampler, pinn: [30, 100], cd: [30, 100] },
    },
  ],
}
