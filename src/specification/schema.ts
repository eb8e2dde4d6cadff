import { z } from 'zod'
import { InputError } from '../errors.ts'

export const finite = z.number()
export const positive = finite.positive()
export const vector = z.array(finite).min(1)
/** A point: d numbers, or a bare number in one dimension. */
export const point = z
  .union([finite, vector])
  .transform((value) => (typeof value === 'number' ? [value] : value))

/** One a coordinate: each may have all coordinates in it. */
const MOST_FORMULAS = 4096
export const formulas = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .refine((value) => typeof value === 'string' || value.length <= MOST_FORMULAS, {
    error: ({ input }) => `at most ${MOST_FORMULAS} formulas, where there are ${(input as string[]).length}`,
  })

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
