import { InputError } from '../errors.ts'
import { pointsToRows, type ShapedArray } from '../points/points.ts'
import { formulaAbout } from '../problem/densities/formula/formula.ts'
import { createDensity } from '../problem/densities/index.ts'
import type { Problem } from '../problem/problem.ts'
import { createProcess } from '../problem/processes/index.ts'
import { interpolantFunctions } from '../problem/processes/interpolant-functions.ts'
import { refuseFunction, remembered } from '../problem/record.ts'
import { dataAbout } from '../specification/data.ts'
import {
  type InterpolantFunctions,
  type ProblemRecord,
  type ProblemSpec,
  problemSchema,
} from '../specification/problem.ts'
import { parseWith } from '../specification/schema.ts'
import { aboutOrigin, closedFormProblem } from './closed-form-problem.ts'
import { createLaw } from './create-law.ts'

/**
 * A problem from its specification: a forward process and a data distribution.
 *
 * @throws InputError naming the first key that does not fit; unknown keys are refused
 * @example createProblem({ process: { kind: 've' }, data: { kind: 'gaussian', mean: [0], covariance: [[1]] } })
 * @example createProblem({ process: { kind: 've' }, data: { kind: 'empirical', points: await readPoints('data.npy'), bandwidth: 0.1 } })
 */
export function createProblem(spec: ProblemSpec): Problem {
  return parseProblem(spec)
}

/**
 * The same from a value of which nothing is known, such as the JSON of a problem file. `readProblem` also reads the files that it names.
 *
 * @throws InputError naming the first key that does not fit; unknown keys are refused
 * @example parseProblem(JSON.parse(text))
 */
export function parseProblem(json: unknown): Problem {
  for (const key of ['process', 'data'] as const)
    if (kindOf(json, key) === 'function') throw refuseFunction(`problem.${key}`)
  const functions = processFunctions(json)
  const plain = functions ? { ...(json as object), process: { kind: 've' } } : json
  const spec = parseWith(problemSchema, withRows(plain), 'problem')
  const known = functions ? null : closedFormProblem(spec)
  if (known) return known
  const own = functions ? interpolantFunctions(functions) : createProcess(spec.process)
  const { data } = spec
  const about = (centre: Float64Array) =>
    data.kind === 'formula' ? formulaAbout(data, centre) : dataAbout(data, centre)
  const { process, density } = aboutOrigin(own, createDensity(data, own), about, createDensity)
  const law = createLaw(process, density)
  const { dimension } = density
  const specification: ProblemRecord = functions
    ? { process: { kind: 'function', maximumTime: process.maximumTime }, data: spec.data }
    : spec
  return remembered({ specification, process, density, dimension, ...(law && { law }) })
}

function kindOf(json: unknown, key: 'process' | 'data'): unknown {
  return isObject(json) && isObject(json[key]) ? json[key].kind : undefined
}

/** The process of a specification, where it is one of functions. */
function processFunctions(json: unknown): InterpolantFunctions | null {
  if (!isObject(json) || !isObject(json.process) || json.process.kind !== 'interpolant') return null
  const { kind, alpha, sigma, maximumTime, ...rest } = json.process
  if (typeof alpha !== 'function' && typeof sigma !== 'function') return null
  for (const key of Object.keys(rest))
    throw new InputError(`problem.process.${key}`, key, 'no such key (unknown keys are refused)')
  return { kind, alpha, sigma, maximumTime } as InterpolantFunctions
}

/** A specification with the points of its data as rows, where they are an array with a shape. */
function withRows(json: unknown): unknown {
  if (!isObject(json) || !isObject(json.data) || !isObject(json.data.points)) return json
  const { points, ...data } = json.data
  return {
    ...json,
    data: { ...data, points: pointsToRows(points as unknown as ShapedArray, 'problem.data.points') },
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
