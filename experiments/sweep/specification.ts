import { z } from 'zod'
import { tableaux } from '../../solvers/characteristics/index.ts'
import { gridSchemes } from '../../solvers/grid/index.ts'
import { lossNames, metricNames } from '../../solvers/neural/index.ts'
import { scheduleNames } from '../../solvers/sampling/schedules.ts'
import { samplerNames } from '../../solvers/sampling/schemes/index.ts'
import { parseWith, problemSchema } from '../../src/problem/specification.ts'

const LARGEST_SEED = 2 ** 31 - 1

/** Names are parts of file names. */
const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'a name of letters, digits, ".", "_" and "-"')
const count = (low: number, high: number) => z.int().min(low).max(high)
const names = <T extends string>(list: readonly T[]) => z.enum(list as [T, ...T[]])

/** On which problems a method runs; all of them unless given. */
const problems = z.array(name).min(1).optional()

const methodSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('exact'), problems }),
  z.strictObject({ kind: z.literal('gaussian'), problems }),
  z.strictObject({
    kind: z.literal('characteristics'),
    problems,
    rtol: z.number().min(1e-14).max(0.1),
    /** A hundredth of `rtol` unless given. */
    atol: z.number().positive().max(1).optional(),
    tableau: names(Object.keys(tableaux) as (keyof typeof tableaux)[]).optional(),
  }),
  z.strictObject({
    kind: z.literal('grid'),
    problems,
    scheme: names(gridSchemes),
    nodes: count(2, 1e6).optional(),
    tolerance: z.number().positive().optional(),
  }),
  z.strictObject({
    kind: z.literal('sampler'),
    problems,
    solver: names(samplerNames),
    steps: count(1, 1e6),
    schedule: names(scheduleNames).optional(),
  }),
  z.strictObject({
    kind: z.literal('train'),
    problems,
    loss: names(lossNames.filter((loss) => loss !== 'score')),
    steps: count(1, 1e9),
    batch: count(1, 1e6).optional(),
    width: count(1, 1e5).optional(),
    layers: count(1, 1000).optional(),
    optimiser: z.string().min(1).optional(),
    rate: z.number().positive().optional(),
    intervals: count(1, 1e6).optional(),
    metric: names(metricNames).optional(),
  }),
])

/** A sweep: every method on every problem, the trained ones with every seed. */
export const sweepSchema = z.strictObject({
  problems: z
    .record(
      name,
      z.strictObject({
        /** A problem file, from the folder of the sweep file; or the problem itself. */
        file: z.string().min(1).optional(),
        problem: problemSchema.optional(),
        /** The largest time T. */
        time: z.number().positive(),
      }),
    )
    .refine((all) => Object.keys(all).length > 0, 'at least one problem'),
  methods: z.record(name, methodSchema).refine((all) => Object.keys(all).length > 0, 'at least one method'),
  /** What every network is trained with. */
  seeds: z
    .array(count(-LARGEST_SEED - 1, LARGEST_SEED))
    .min(1)
    .default([0]),
  /** Of the measurement, the same for all methods: trajectories, intervals in θ along each, plain one-step samples. */
  trajectories: count(100, 1e7).default(4096),
  intervals: count(2, 4096).multipleOf(2).default(64),
  samples: count(2, 1e6).default(2048),
})

export type SweepSpec = z.output<typeof sweepSchema>
export type SweepMethod = z.output<typeof methodSchema>

/**
 * The sweep of a sweep file's JSON.
 *
 * @throws InputError naming the first key that does not fit; unknown keys are refused
 */
export function parseSweep(json: unknown): SweepSpec {
  return parseWith(sweepSchema, json, 'sweep')
}
