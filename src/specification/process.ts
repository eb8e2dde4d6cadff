import { z } from 'zod'
import { finite, formulas, positive } from './schema.ts'

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

/** The forward process of a problem file. */
export const processSchema = z.discriminatedUnion('kind', [
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

export type CustomSpec = z.infer<typeof customSchema>
export type DdpmSpec = z.infer<typeof ddpmSchema>
export type InterpolantSpec = z.infer<typeof interpolantSchema>
