import { z } from 'zod'
import { activationNames } from './activations.ts'

const size = z.int().positive()
const fileName = z
  .string()
  .regex(/^[^/\\\0]+$/, 'expected the name of a file in the folder of the description')
  .refine((name) => name !== '.' && name !== '..', 'expected the name of a file')
const formula = z.string().min(1)
const row = z.array(z.number()).min(1)

/** f = F */
const valueSchema = z.strictObject({ kind: z.literal('value') })
/** f = x − (t − u) F: F is the mean velocity from t to u, 0 but for two-time maps (2505.13447, equation 3). */
const velocitySchema = z.strictObject({ kind: z.literal('velocity') })
/** The skip of EDM and consistency models, f = c_skip x + c_out F(c_in x), with f(σ_min, x) = x (2303.01469, appendix C). */
const edmSchema = z.strictObject({
  kind: z.literal('edm'),
  sigmaData: z.number().positive(),
  sigmaMin: z.number().nonnegative().default(0),
})
/** f = skip(t) x + out(t) F(in(t) x), with u too for a two-time map */
const formulasSchema = z.strictObject({
  kind: z.literal('formulas'),
  skip: formula,
  out: formula,
  in: formula,
})

const outputSchema = z.discriminatedUnion('kind', [
  valueSchema,
  velocitySchema,
  edmSchema,
  /** f = cos²θ x − c sinθ F(x/√(t² + c²)), θ = arctan(t/c) (2410.11081, equation 5, at VE points). */
  z.strictObject({ kind: z.literal('trigflow'), sigmaData: z.number().positive() }),
  formulasSchema,
  /** The Gaussian skip of docs/mathematics.md §7, for data of this mean and covariance; F takes and gives y. */
  z.strictObject({ kind: z.literal('gaussian'), mean: row, covariance: z.array(row) }),
])

const shared = {
  format: z.literal('consistency-pde network'),
  formatVersion: z.literal(1),
  /** What to call it in tables; default the file's own name. */
  name: z.string().min(1).max(60).optional(),
  /** d, of x and of f */
  dimension: size.max(65_536),
  /** Whether t and x are those of the problem's process, or those of the VE process, X_t = X₀ + t Z (σ and x of EDM). */
  time: z.enum(['process', 've']).default('process'),
  /** The time at which the network starts to be f: below it f(t, x) = x is taken. Default 0, or sigmaMin. */
  start: z.number().nonnegative().optional(),
}

const checkSchema = z.strictObject({
  t: row,
  x: z.array(row),
  f: z.array(row),
  /** The second times of a two-time map; 0 unless given. */
  u: row.optional(),
  /** How far f may be off, relative to the data scale c = √(tr Cov/d). */
  tolerance: z.number().positive().default(1e-4),
})

const stack = {
  kind: z.literal('mlp'),
  /** The safetensors file with the parameters, in the same folder. */
  weights: fileName,
  /** The columns of the first layer: "x" once, for all coordinates, and formulas in t, and in u for a two-time map. */
  inputs: z.array(formula).min(1).max(4096),
  /** How a weight matrix is stored: PyTorch keeps [outputs, inputs], Flax and Keras [inputs, outputs]. */
  layout: z.enum(['outputs-inputs', 'inputs-outputs']).default('outputs-inputs'),
  layers: z
    .array(
      z.strictObject({
        weight: z.string(),
        bias: z.string().optional(),
        activation: z.enum(activationNames).default('identity'),
      }),
    )
    .min(1)
    .max(1024),
}

const mlpSchema = z.strictObject({
  ...shared,
  ...stack,
  output: outputSchema,
  /** f at some points, compared when the network is loaded. */
  check: checkSchema.optional(),
})

/** What the graph takes, which the graph says itself. */
const type = z.enum(['float32', 'float64']).optional()

const onnxSchema = z.strictObject({
  ...shared,
  kind: z.literal('onnx'),
  /**
   * The graph of f(t, x), in the same folder: t of shape [n, 1] or [n], x and f of shape [n, d], or of the shape of an image with n before it.
   */
  graph: fileName,
  /** A graph of (t, x, dx) with the outputs f and ∂_t f + ∇f·dx, where there is one. */
  dual: fileName.optional(),
  /** What the graph gives: f itself, or the mean velocity from t to u, by which f = x − (t − u) F. */
  output: z.discriminatedUnion('kind', [valueSchema, velocitySchema]).default({ kind: 'value' }),
  /** The names of inputs and outputs in the graphs. */
  names: z
    .strictObject({
      t: z.string().default('t'),
      /** Given where the graph is a two-time map f(t → u, x); its u is as t is. */
      u: z.string().optional(),
      x: z.string().default('x'),
      dx: z.string().default('dx'),
      f: z.string().default('f'),
      df: z.string().default('df'),
    })
    .prefault({}),
  type,
  /** f at some points, compared when the network is loaded. */
  check: checkSchema,
})

/**
 * The description of a network that was trained elsewhere, in JSON beside its file of weights. Unknown keys are refused. `z.toJSONSchema(networkSchema)` is the published schema.
 */
export const networkSchema = z.discriminatedUnion('kind', [mlpSchema, onnxSchema])

export type NetworkDescription = z.infer<typeof networkSchema>
export type MlpDescription = z.infer<typeof mlpSchema>
export type OnnxDescription = z.infer<typeof onnxSchema>
export type OutputDescription = z.infer<typeof outputSchema>
export type CheckPair = z.infer<typeof checkSchema>

export const predictions = ['score', 'denoiser', 'epsilon', 'velocity', 'v'] as const

const predicting = {
  ...shared,
  /** What the network predicts at (t, x): the score ∇ log p_t, E[X₀ | x], E[Z | x], dx/dt, or αε − σx₀. */
  predicts: z.enum(predictions),
  /** The largest t that it was trained for; that of the process when absent. */
  maximumTime: z.number().positive().optional(),
}

const predictedSchema = z.strictObject({
  t: row,
  x: z.array(row),
  prediction: z.array(row),
  /** How far a prediction may be off, relative to the largest of them. */
  tolerance: z.number().positive().default(1e-4),
})

/**
 * The description of a network that predicts the score, or what is as good, of a `neural` problem: t and x are those of the problem's
 * process unless it says otherwise. Unknown keys are refused. `z.toJSONSchema(predictorSchema)` is the published schema.
 */
export const predictorSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...predicting,
    ...stack,
    /** The prediction by the last layer F. */
    output: z.discriminatedUnion('kind', [valueSchema, edmSchema, formulasSchema]).default({ kind: 'value' }),
    check: predictedSchema.optional(),
  }),
  z.strictObject({
    ...predicting,
    kind: z.literal('onnx'),
    /** The graph of the prediction: t of shape [n, 1], x and the output of shape [n, d]. */
    graph: fileName,
    names: z
      .strictObject({
        t: z.string().default('t'),
        x: z.string().default('x'),
        prediction: z.string().default('prediction'),
      })
      .prefault({}),
    type,
    check: predictedSchema,
  }),
])

export type PredictorDescription = z.infer<typeof predictorSchema>
export type Prediction = PredictorDescription['predicts']
