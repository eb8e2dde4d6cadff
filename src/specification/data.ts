import { z } from 'zod'
import { BadInput } from '../io/bad-input.ts'
import { finite, formulas, point, positive, vector } from './schema.ts'

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

/** p_data of a problem file. */
export const dataSchema = z.discriminatedUnion('kind', [
  gaussianSchema,
  mixtureSchema,
  productSchema,
  empiricalSchema,
  expressionSchema,
  radialSchema,
  formulaSchema,
  neuralSchema,
])

/** What is recorded of data: their specification, or of data known by functions, which no file can hold, how to know them again. */
export const recordedDataSchema = z.discriminatedUnion('kind', [
  ...dataSchema.options,
  z.strictObject({
    kind: z.literal('function'),
    dimension: z.int().min(1),
    mean: vector,
    covariance: z.array(vector).min(1),
    /** Of the score at a few places: what tells it from another with the same moments. */
    fingerprint: vector,
  }),
])

export type RecordedData = z.output<typeof recordedDataSchema>
/** What is recorded of data known by functions. */
export type FunctionRecord = Extract<RecordedData, { kind: 'function' }>

export type GaussianSpec = z.infer<typeof gaussianSchema>
export type MixtureSpec = z.infer<typeof mixtureSchema>
export type ProductSpec = z.infer<typeof productSchema>
export type EmpiricalSpec = z.infer<typeof empiricalSchema>
export type ExpressionSpec = z.infer<typeof expressionSchema>
export type FormulaSpec = z.infer<typeof formulaSchema>
export type NeuralSpec = z.infer<typeof neuralSchema>
export type RadialSpec = z.infer<typeof radialSchema>

/** Of all covariances of a density together, in float64. */
const MOST_BYTES = 2 ** 30
const BYTES = 8

/**
 * Refuses data whose covariances would take more than 1 GB, before any of them is made. Every density has one of d × d numbers, a
 * mixture one for each component.
 *
 * @throws InputError with the number of bytes
 */
export function checkDataSize(spec: RecordedData): void {
  const [count, dimension] = sizesOf(spec)
  const bytes = BYTES * count * dimension ** 2
  if (bytes <= MOST_BYTES) return
  const what = count > 1 ? `${count} components in ${dimension} dimensions` : `${dimension} dimensions`
  throw new BadInput(
    'problem.data',
    `has ${what}, whose covariances take ${(bytes / 1e9).toPrecision(3)} GB`,
    `data whose covariances take at most ${(MOST_BYTES / 1e9).toPrecision(2)} GB`,
  )
}

/** Covariances that are kept, and their dimension. */
function sizesOf(spec: RecordedData): readonly [number, number] {
  switch (spec.kind) {
    case 'gaussian':
      return [1, spec.mean.length]
    case 'mixture': {
      const [count, d] = [spec.means.length, spec.means[0].length]
      // factors and their transposes in place of covariances
      const rank = spec.factors?.[0][0].length ?? d
      return [Math.max(1, Math.ceil(count * Math.min(1, (2 * rank) / d))), d]
    }
    case 'product':
      return [1, spec.marginals.length]
    case 'expression':
      return [1, typeof spec.score === 'string' ? 1 : spec.score.length]
    case 'empirical':
      return [1, spec.points?.[0].length ?? 1]
    case 'radial':
      return [1, spec.dimension]
    case 'neural':
      return [1, spec.mean?.length ?? 1]
    default:
      // formulas in at most two coordinates, and functions, which are refused
      return [1, 1]
  }
}

/** Data about a centre; null for kinds without a place to shift. Formulas are shifted by `formulaAbout`. */
export function dataAbout(data: RecordedData, centre: Float64Array): RecordedData | null {
  const about = (point: number | readonly number[]) =>
    (typeof point === 'number' ? [point] : point).map((value, i) => value - centre[i])
  switch (data.kind) {
    case 'gaussian':
      return { ...data, mean: about(data.mean) }
    case 'mixture':
      return { ...data, means: data.means.map(about) }
    case 'radial':
      return { ...data, centre: about(data.centre ?? new Array<number>(data.dimension).fill(0)) }
    case 'empirical':
      return data.points ? { ...data, points: data.points.map(about) } : null
    case 'product': {
      // z = R x: each marginal about its own mean
      const middles = Array.from(centre, (_, j) =>
        data.rotation ? data.rotation[j].reduce((sum, entry, i) => sum + entry * centre[i], 0) : centre[j],
      )
      const marginals = data.marginals.map((marginal, j) => ({
        ...marginal,
        means: marginal.means.map((value) => value - middles[j]),
      }))
      return { ...data, marginals }
    }
    default:
      return null
  }
}
