import { z } from 'zod'
import { methodSchemas } from '../../solvers/method-specification.ts'
import { problemSchema } from '../../src/specification/problem.ts'
import { parseWith } from '../../src/specification/schema.ts'

const LARGEST_SEED = 2 ** 31 - 1

/** Names are parts of file names. */
const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'a name of letters, digits, ".", "_" and "-"')
const count = (low: number, high: number) => z.int().min(low).max(high)
const trajectories = count(100, 1e7)
const intervals = count(2, 4096).multipleOf(2)

/** On which problems a method runs; all of them unless given. */
const problems = z.array(name).min(1).optional()

const { exact, gaussian, characteristics, grid, sampler, train } = methodSchemas

/** Methods as they are elsewhere, but for what makes a run costly or loose: that has no defaults. */
const methodSchema = z.discriminatedUnion('kind', [
  exact.extend({ problems }),
  gaussian.extend({ problems }),
  /** `atol` is a hundredth of `rtol` unless given. */
  characteristics.extend({ problems, rtol: characteristics.shape.rtol.unwrap() }),
  grid.extend({ problems, scheme: grid.shape.scheme.unwrap() }),
  sampler.extend({
    problems,
    solver: sampler.shape.solver.unwrap(),
    steps: sampler.shape.steps.unwrap(),
  }),
  train
    .extend({
      problems,
      loss: train.shape.loss.refine((loss) => loss !== 'score', 'the loss of a map'),
      /** The same on every problem, or a number for each by name. */
      steps: z.union([z.number(), z.record(name, z.number())]).optional(),
      /** In place of steps: what fills so much time, by short trials when the run is done. */
      seconds: z.number().positive().max(1e9).optional(),
    })
    .refine(({ steps, seconds }) => (steps === undefined) !== (seconds === undefined), {
      error: 'either steps or seconds',
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
        /** In place of those of the sweep: in many dimensions fewer will do. */
        trajectories: trajectories.optional(),
        intervals: intervals.optional(),
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
  trajectories: trajectories.default(4096),
  intervals: intervals.default(64),
  samples: count(2, 1e6).default(2048),
})

export type SweepSpec = z.output<typeof sweepSchema>
export type SweepMethod = z.output<typeof methodSchema>
type SweepTraining = Extract<SweepMethod, { readonly kind: 'train' }>

/** What a method of a sweep is on one of its problems. */
export type RunMethod = WithoutProblems<
  | Exclude<SweepMethod, SweepTraining>
  | (Omit<SweepTraining, 'steps'> & { readonly steps?: number | undefined })
>
type WithoutProblems<Method> = Method extends unknown ? Omit<Method, 'problems'> : never

/**
 * The sweep of a sweep file's JSON.
 *
 * @throws InputError naming the first key that does not fit; unknown keys are refused
 */
export function parseSweep(json: unknown): SweepSpec {
  return parseWith(sweepSchema, json, 'sweep')
}
