import { z } from 'zod'
import type { Moments } from '../../numeric/moments.ts'
import { recordSchema } from '../../specification/problem.ts'
import { architectureKinds } from '../architecture.ts'

const size = z.int().positive()
const settingsSchema = z.record(z.string(), z.union([z.string(), z.number()]))

/** model.json: what a trained network is and how it was made. Data only; unknown keys are refused. */
export const modelSchema = z.strictObject({
  format: z.literal('consistency-pde model'),
  formatVersion: z.literal(1),
  /** Of the package that wrote it. */
  version: z.string(),
  /** The SHA-256 of weights.safetensors, so that a folder in which one of the two was replaced is found out. */
  weights: z.string().optional(),
  loss: z.string(),
  /** A consistency function, or the score network of docs/mathematics.md §7.4. */
  kind: z.enum(['map', 'score']).default('map'),
  architecture: z.strictObject({
    kind: z.enum(architectureKinds),
    dimension: size.max(65_536),
    width: size.max(65_536),
    layers: size.max(1024),
    units: size.max(1024).optional(),
    times: z.literal(2).optional(),
  }),
  /** The score network whose flow it learned, if not that of the exact score: its name, and the digest of its weights. */
  teacher: z.strictObject({ name: z.string(), sha256: z.string() }).optional(),
  /** The problem it was trained on. */
  problem: recordSchema,
  /** The largest time, of the problem's own process. */
  time: z.union([z.number().positive(), z.literal('Infinity').transform(() => Infinity)]),
  seed: z.int(),
  /** Every option of the training. */
  settings: settingsSchema,
  training: z.strictObject({
    seconds: z.number().nonnegative(),
    evaluations: z.number().nonnegative(),
    backend: z.string(),
    /** Mean loss of the last steps. */
    finalLoss: z.number(),
    curve: z.array(z.strictObject({ step: z.number(), loss: z.number() })),
    /** The true error of the averaged weights in the course of training, and the residual at angles θ = arctan(t/c). */
    monitor: z
      .strictObject({
        angles: z.array(z.number()),
        points: z.array(
          z.strictObject({ step: z.number(), error: z.number(), residual: z.array(z.number()) }),
        ),
      })
      .optional(),
  }),
  /** The tensor of weights.safetensors that holds each parameter of the network. */
  parameters: z.record(z.string(), z.string()),
})

export type ModelDescription = z.infer<typeof modelSchema>

/** A trained network in memory. */
export interface Model {
  readonly description: ModelDescription
  /** Of the data: they fix the Gaussian skip. */
  readonly moments: Moments
  /** The averaged weights, in the order of the network's parameters. */
  readonly weights: readonly Float32Array[]
}

// how far the moments of the data may be from those that a model was trained with
const TOLERANCE = 1e-9

/** Whether mean and covariance are those of the same data. */
export function sameMoments(a: Moments, b: Moments): boolean {
  if (a.mean.length !== b.mean.length) return false
  const near = (x: Float64Array, y: Float64Array, scale: number) =>
    x.every((value, i) => Math.abs(value - y[i]) <= TOLERANCE * scale)
  return near(a.mean, b.mean, a.scale) && near(a.eigenvalues, b.eigenvalues, a.trace)
}
