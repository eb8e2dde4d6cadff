import { InputError } from '../errors.ts'
import { applySpectral } from '../numeric/moments.ts'
import type { FunctionRecord } from '../specification/data.ts'
import type { ProblemRecord } from '../specification/problem.ts'
import type { Density } from './density.ts'
import type { Problem } from './problem.ts'
import { type Process, veTime } from './process.ts'

/** Which density and process belong to a specification. */
const made = new WeakMap<ProblemRecord, { readonly density: Density; readonly process: Process }>()

/** A problem whose specification is known to tell what it is. */
export function remembered(problem: Problem): Problem {
  made.set(problem.specification, problem)
  return problem
}

/**
 * What to write down of a problem and a time of it, for a result that depends on its reduction to the VE process alone. Data that are not
 * those of the specification are recorded as a function, a process that is not as the VE process it reduces to.
 */
export function recordOf(problem: Problem, time: number): { problem: ProblemRecord; time: number } {
  const { specification, density, process } = problem
  const own = made.get(specification)
  const data = own?.density === density ? specification.data : functionRecord(density)
  if (own?.process === process && specification.process.kind !== 'function')
    return { problem: own.density === density ? specification : { ...specification, data }, time }
  return { problem: { process: { kind: 've' }, data }, time: veTime(process, time) }
}

/** What is recorded of a density that is known by functions. @throws InputError where its score is not finite */
export function functionRecord(density: Density): FunctionRecord {
  const { dimension: d, moments } = density
  const covariance = Array.from({ length: d }, (_, i) => {
    const row = Float64Array.from({ length: d }, (_, j) => Number(i === j))
    applySpectral(moments, moments.eigenvalues, row)
    return Array.from(row)
  })
  const mean = Array.from(moments.mean)
  return { kind: 'function', dimension: d, mean, covariance, fingerprint: fingerprint(density) }
}

/** Whether a density has the score that was recorded, to a few digits. */
export function sameFunction(
  density: Density,
  { dimension, fingerprint: recorded }: FunctionRecord,
): boolean {
  if (density.dimension !== dimension) return false
  const own = fingerprint(density)
  const size = Math.max(...recorded.map(Math.abs))
  return own.every((value, i) => Math.abs(value - recorded[i]) <= SAME * size)
}

// what single precision leaves
const SAME = 1e-4
const TIMES = [0.3, 1, 3]
const PLACES = [-1.3, 0.4, 1.7]

/** Sums over the coordinates of the score, each with a weight of its own, at times and places by the scale of the data. */
function fingerprint({ dimension: d, moments: { mean, scale }, score }: Density): number[] {
  const x = Float64Array.from(
    { length: PLACES.length * d },
    (_, i) => mean[i % d] + scale * PLACES[(Math.floor(i / d) + (i % d)) % PLACES.length],
  )
  const out = new Float64Array(x.length)
  return TIMES.flatMap((share) => {
    const t = share * scale
    score(t, x, out)
    return PLACES.map((_, row) => {
      let sum = 0
      for (let i = 0; i < d; i++) sum += (1 + (i % 7) / 7) * out[row * d + i]
      if (Number.isFinite(sum)) return sum
      const place = Array.from(x.subarray(row * d, (row + 1) * d))
      throw new InputError(`the score at t = ${t} and x = [${place.slice(0, 4)}]`, sum, 'finite numbers')
    })
  })
}

/** What is said where a problem that was made of functions is to be made again from what was recorded of it. */
export function refuseFunction(place: string): InputError {
  return new InputError(
    place,
    'function',
    'a kind that a file can hold: the functions themselves were not recorded, make the problem of them again',
  )
}
