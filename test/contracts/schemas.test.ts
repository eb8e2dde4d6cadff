import { expect, it } from 'vitest'
import { z } from 'zod'
import { sweepSchema } from '../../experiments/sweep/specification.ts'
import { methodSchemas } from '../../solvers/method-specification.ts'
import { networkSchema, predictorSchema } from '../../src/nn/foreign/description.ts'
import { modelSchema } from '../../src/nn/model.ts'
import { problemSchema } from '../../src/specification/problem.ts'

/** Formats that users write files in, or that we write and read again: keys, ranges and defaults. */
const schemas = {
  problem: problemSchema,
  network: networkSchema,
  predictor: predictorSchema,
  model: modelSchema,
  sweep: sweepSchema,
  methods: z.strictObject(methodSchemas),
}

// after a wanted change: vitest run test/contracts/schemas.test.ts -u, and look at what differs
it.each(Object.entries(schemas))(
  '%s takes the same keys, ranges and defaults as before',
  async (name, schema) => {
    const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
    await expect(`${JSON.stringify(json, null, 2)}\n`).toMatchFileSnapshot(`golden/schemas/${name}.json`)
  },
)
