import { z } from 'zod'
import type { PointsLike } from '../points/points.ts'
import { dataSchema, recordedDataSchema } from './data.ts'
import { processSchema } from './process.ts'
import { positive } from './schema.ts'

/** The problem file of the command line; `z.toJSONSchema(problemSchema)` is its published JSON schema. */
export const problemSchema = z.strictObject({
  process: processSchema,
  data: dataSchema,
})

/**
 * What is written down of a problem, in models and tables: its specification, or `function` where the problem was made of functions, which
 * no file can hold.
 */
export const recordSchema = z.strictObject({
  process: z.discriminatedUnion('kind', [
    ...processSchema.options,
    z.strictObject({ kind: z.literal('function'), maximumTime: positive }),
  ]),
  data: recordedDataSchema,
})

export type ProblemRecord = z.output<typeof recordSchema>

/** A specification with its defaults filled in: data of JSON alone. */
export type ParsedSpec = z.output<typeof problemSchema>

/** A value and all that it holds, read only: literals declared `as const` fit. */
type Reading<T> = T extends readonly (infer E)[]
  ? readonly Reading<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Reading<T[K]> }
    : T

type DataInput = z.input<typeof problemSchema>['data']

/** p_data of a problem. Points may be an `ndarray`, a typed array with a shape, or rows. */
export type DataSpec =
  | Reading<Exclude<DataInput, { kind: 'empirical' }>>
  | (Reading<Omit<Extract<DataInput, { kind: 'empirical' }>, 'points'>> & {
      readonly points?: PointsLike | undefined
    })

/** X_t = α(t) X₀ + σ(t) Z with functions in place of formulas, for t in [0, maximumTime]. */
export interface InterpolantFunctions {
  readonly kind: 'interpolant'
  /** Smooth, 1 at t = 0, above 0 before the end, where it may be 0. */
  readonly alpha: (t: number) => number
  /** σ² is smooth and σ is 0 at t = 0; σ/α grows. */
  readonly sigma: (t: number) => number
  /** Default 1. */
  readonly maximumTime?: number
}

/** The forward process of a problem. */
export type ProcessSpec = Reading<z.input<typeof problemSchema>['process']> | InterpolantFunctions

/**
 * What `createProblem` takes: a problem file as a value, defaults left out. The kinds of processes and data and their keys are those of
 * docs/problem-files.md.
 */
export interface ProblemSpec {
  readonly process: ProcessSpec
  readonly data: DataSpec
}
