import { z } from 'zod'
import { InputError } from './errors.ts'
import type { PointsLike } from './points/points.ts'

const finite = z.number()
const positive = finite.positive()
const vector = z.array(finite).min(1)
/** A point: d numbers, or a bare number in one dimension. */
const point = z.union([finite, vector]).transform((value) => (typeof value === 'number' ? [value] : value))

/** One a coordinate: each may have all coordinates in it. */
const MOST_FORMULAS = 4096
const formulas = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .refine((value) => typeof value === 'string' || value.length <= MOST_FORMULAS, {
    error: ({ input }) => `at most ${MOST_FORMULAS} formulas, where there are ${(input as string[]).length}`,
  })

const customSchema = z.strictObject({
  kind: z.literal('custom'),
  /** A formula in t and x for every coordinate, or one a coordinate in t, x1, x2, …. */
  drift: formulas,
  /** A formula in t. */
  sigma: z.string().min(1),
  /** As far as the moments can be integrated when absent. */
  maximumTime: positive.optional(),
  /** Times, ascending, that no step in t goes across, beside those found in the formulas. */
  breaks: z.array(positive).max(10_000).optional(),
  /** p_t on a grid, as for every drift that is not linear; what is left out is chosen. */
  grid: z
    .strictObject({
      /** Nodes an axis. */
      nodes: z.int().min(32).max(16_384).optional(),
      /** [low, high] for each coordinate. */
      box: z
        .array(z.tuple([finite, finite]))
        .min(1)
        .max(2)
        .optional(),
      /** Of a step in time. */
      tolerance: finite.min(1e-9).max(0.1).optional(),
    })
    .optional(),
})

const steps = z.int().min(1).max(100_000)

const ddpmSchema = z.strictObject({
  kind: z.literal('ddpm'),
  /** linear unless betas are given. */
  schedule: z.enum(['linear', 'scaledLinear', 'cosine']).optional(),
  /** β_1 and β_N of the linear schedules; 1e-4 and 0.02 when absent. */
  start: positive.lt(1).optional(),
  end: positive.lt(1).optional(),
  /** N; 1000 when absent. */
  steps: steps.optional(),
  /** β_1 … β_N themselves. */
  betas: z.array(finite).min(1).max(100_000).optional(),
})

const interpolantSchema = z.strictObject({
  kind: z.literal('interpolant'),
  /** Formulas in t. */
  alpha: z.string().min(1),
  sigma: z.string().min(1),
  maximumTime: positive.default(1),
})

const processSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ve') }),
  z.strictObject({
    kind: z.literal('vp'),
    betaMin: finite.nonnegative().default(0.1),
    betaMax: positive.default(20),
  }),
  z.strictObject({
    kind: z.literal('subVp'),
    betaMin: finite.nonnegative().default(0.1),
    betaMax: positive.default(20),
  }),
  z.strictObject({ kind: z.literal('edm') }),
  z.strictObject({ kind: z.literal('flowMatching') }),
  z.strictObject({ kind: z.literal('cosine'), s: finite.nonnegative().max(1).default(0.008) }),
  ddpmSchema,
  interpolantSchema,
  customSchema,
])

const gaussianSchema = z.strictObject({
  kind: z.literal('gaussian'),
  mean: point,
  covariance: z.array(vector).min(1),
})

const mixtureSchema = z.strictObject({
  kind: z.literal('mixture'),
  weights: z.array(finite.nonnegative()).min(1),
  means: z.array(point).min(1),
  covariances: z.array(z.array(vector).min(1)).min(1).optional(),
  /** One standard deviation a component, or one a component and coordinate. */
  stds: z
    .array(z.union([finite.nonnegative(), z.array(finite.nonnegative()).min(1)]))
    .min(1)
    .optional(),
  /** F of every component, d rows of q numbers: covariances F Fᵀ + diag(noise²). */
  factors: z.array(z.array(point).min(1)).min(1).optional(),
  /** Beside factors: one standard deviation a component, or one a component and coordinate. */
  noise: z
    .array(z.union([finite.nonnegative(), z.array(finite.nonnegative()).min(1)]))
    .min(1)
    .optional(),
})

const productSchema = z.strictObject({
  kind: z.literal('product'),
  marginals: z
    .array(
      z.strictObject({
        weights: z.array(finite.nonnegative()).min(1),
        means: vector,
        stds: z.array(finite.nonnegative()).min(1),
      }),
    )
    .min(1),
  /** x = Rᵀ z; the identity when absent. */
  rotation: z.array(vector).min(1).optional(),
})

const empiricalSchema = z.strictObject({
  kind: z.literal('empirical'),
  points: z.array(point).min(1).optional(),
  file: z.string().min(1).optional(),
  columns: z.array(z.string().min(1)).min(1).optional(),
  bandwidth: z.union([finite.nonnegative(), z.literal('silverman')]),
})

const expressionSchema = z.strictObject({
  kind: z.literal('expression'),
  /** The score as an expression in t and x (1-D) or x1, x2, …: one a coordinate. */
  score: formulas,
})

const radialSchema = z.strictObject({
  kind: z.literal('radial'),
  dimension: z.int().min(1).max(10_000),
  /** The origin when absent. */
  centre: point.optional(),
  weights: z.array(finite.nonnegative()).min(1),
  /** Radii of the spheres; 0 is a Gaussian. */
  radii: z.array(finite.nonnegative()).min(1),
  /** Standard deviation of the Gaussian that each sphere is smoothed by. */
  thicknesses: z.array(positive).min(1),
})

const formulaSchema = z.strictObject({
  kind: z.literal('formula'),
  /** An unnormalised density in x, or in x1 and x2. */
  density: z.string().min(1),
  /** Where it is taken from and cut off, one [low, high] a coordinate; found when absent. */
  box: z
    .array(z.tuple([finite, finite]))
    .min(1)
    .max(2)
    .optional(),
})

const neuralSchema = z.strictObject({
  kind: z.literal('neural'),
  /** Folder of a score network or of a described network, or a description, from the problem file's own folder. */
  model: z.string().min(1).optional(),
  /** The score network itself in base64, as `modelToBytes` makes it: `readProblem` puts it here. */
  bytes: z.string().min(1).optional(),
  /** A described network: its description and, in base64, its file. `readProblem` puts them here. */
  network: z
    .strictObject({
      description: z.record(z.string(), z.unknown()),
      file: z.string().min(1),
      bytes: z.string().min(1),
    })
    .optional(),
  /** Of the data that a described network was trained on. */
  mean: point.optional(),
  covariance: z.array(vector).min(1).optional(),
  /** Samples of that data in place of them, or a file of samples, from the problem file's own folder. */
  samples: z.union([z.string().min(1), z.array(point).min(2)]).optional(),
})

const dataSchema = z.discriminatedUnion('kind', [
  gaussianSchema,
  mixtureSchema,
  productSchema,
  empiricalSchema,
  expressionSchema,
  radialSchema,
  formulaSchema,
  neuralSchema,
])

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
  data: z.discriminatedUnion('kind', [
    ...dataSchema.options,
    z.strictObject({
      kind: z.literal('function'),
      dimension: z.int().min(1),
      mean: vector,
      covariance: z.array(vector).min(1),
      /** Of the score at a few places: what tells it from another with the same moments. */
      fingerprint: vector,
    }),
  ]),
})

export type ProblemRecord = z.output<typeof recordSchema>
/** What is recorded of data known by functions. */
export type FunctionRecord = Extract<ProblemRecord['data'], { kind: 'function' }>

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

export type CustomSpec = z.infer<typeof customSchema>
export type DdpmSpec = z.infer<typeof ddpmSchema>
export type InterpolantSpec = z.infer<typeof interpolantSchema>
export type GaussianSpec = z.infer<typeof gaussianSchema>
export type MixtureSpec = z.infer<typeof mixtureSchema>
export type ProductSpec = z.infer<typeof productSchema>
export type EmpiricalSpec = z.infer<typeof empiricalSchema>
export type ExpressionSpec = z.infer<typeof expressionSchema>
export type FormulaSpec = z.infer<typeof formulaSchema>
export type NeuralSpec = z.infer<typeof neuralSchema>
export type RadialSpec = z.infer<typeof radialSchema>

/**
 * Parses a value by a schema.
 *
 * @throws InputError naming the first place that does not fit, its value and what was expected there
 */
export function parseWith<T>(schema: z.ZodType<T>, value: unknown, name: string): T {
  const result = schema.safeParse(value, { reportInput: true })
  if (result.success) return result.data
  const issue = result.error.issues[0]
  if (!issue) throw new InputError(name, value, 'another value')
  if (issue.code === 'unrecognized_keys') {
    const place = pathName(name, issue.path)
    throw new InputError(`${place}.${issue.keys[0]}`, issue.keys[0], `no such key (unknown keys are refused)`)
  }
  throw new InputError(pathName(name, issue.path), issue.input, expectation(issue))
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_union' && issue.discriminator) {
    const kinds = 'options' in issue ? (issue.options as unknown[]) : []
    return kinds.length > 0 ? `one of ${kinds.join(', ')}` : `a known ${issue.discriminator}`
  }
  return issue.message
    .replace(/^Invalid input: expected /, 'of type ')
    .replace(/^Invalid input$/, 'another form')
}

function pathName(name: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${String(key)}`),
    name,
  )
}
