import type { Tolerances } from './adaptive-steps.ts'

/**
 * A linear combination of stages with its zero coefficients left out: `index` says which stages, `weight` how much.
 */
export interface Combination {
  readonly index: Int32Array
  readonly weight: Float64Array
}

export function combination(row: readonly number[]): Combination {
  const index = Int32Array.from(row.keys()).filter((i) => row[i] !== 0)
  return { index, weight: Float64Array.from(index, (i) => row[i] as number) }
}

/**
 * out = base + h Σ weight_j · stage index_j, with stage i at stages[i·n … (i + 1)·n). Four stages a pass: fewer passes
 * run out of registers, more spend their time on loading and storing `out`.
 */
export function accumulate(
  out: Float64Array,
  base: Float64Array,
  h: number,
  { index, weight }: Combination,
  stages: Float64Array,
): void {
  const n = out.length
  let from = base
  let j = index.length % 4
  if (j === 1) add1(out, from, stages, index[0] * n, h * weight[0])
  else if (j === 2) add2(out, from, stages, index[0] * n, index[1] * n, h * weight[0], h * weight[1])
  else if (j === 3)
    add3(
      out,
      from,
      stages,
      index[0] * n,
      index[1] * n,
      index[2] * n,
      h * weight[0],
      h * weight[1],
      h * weight[2],
    )
  if (j > 0) from = out
  for (; j < index.length; j += 4) {
    const p = index[j] * n
    const q = index[j + 1] * n
    const r = index[j + 2] * n
    const s = index[j + 3] * n
    add4(
      out,
      from,
      stages,
      p,
      q,
      r,
      s,
      h * weight[j],
      h * weight[j + 1],
      h * weight[j + 2],
      h * weight[j + 3],
    )
    from = out
  }
}

function add1(out: Float64Array, from: Float64Array, stages: Float64Array, p: number, a: number): void {
  for (let i = 0; i < out.length; i++) out[i] = from[i] + a * stages[p + i]
}

function add2(
  out: Float64Array,
  from: Float64Array,
  stages: Float64Array,
  p: number,
  q: number,
  a: number,
  b: number,
): void {
  for (let i = 0; i < out.length; i++) out[i] = from[i] + (a * stages[p + i] + b * stages[q + i])
}

function add3(
  out: Float64Array,
  from: Float64Array,
  stages: Float64Array,
  p: number,
  q: number,
  r: number,
  a: number,
  b: number,
  c: number,
): void {
  for (let i = 0; i < out.length; i++)
    out[i] = from[i] + (a * stages[p + i] + b * stages[q + i] + c * stages[r + i])
}

function add4(
  out: Float64Array,
  from: Float64Array,
  stages: Float64Array,
  p: number,
  q: number,
  r: number,
  s: number,
  a: number,
  b: number,
  c: number,
  d: number,
): void {
  for (let i = 0; i < out.length; i++)
    out[i] = from[i] + (a * stages[p + i] + b * stages[q + i] + (c * stages[r + i] + d * stages[s + i]))
}

/**
 * The error of a step: the largest over rows of the root mean square of a row's error estimate, relative to
 * atol + rtol · max|y| with the maximum over the row's components before and after the step. NaN when any estimate is.
 */
export function errorNorm(
  estimates: readonly Float64Array[],
  before: Float64Array,
  after: Float64Array,
  dimension: number,
  { rtol, atol }: Tolerances,
): number {
  const main = estimates[0] as Float64Array
  const second = estimates[1]
  let worst = 0
  for (let start = 0; start < main.length; start += dimension) {
    let square = 0
    let largest = 0
    for (let i = start; i < start + dimension; i++) {
      square += main[i] * main[i]
      const a = Math.abs(before[i])
      const b = Math.abs(after[i])
      if (a > largest) largest = a
      if (b > largest) largest = b
    }
    const tolerance = atol + rtol * largest
    let error = square
    if (second && square > 0) {
      let other = 0
      for (let i = start; i < start + dimension; i++) other += second[i] * second[i]
      error = (square * square) / (square + 0.01 * other)
    }
    error /= tolerance * tolerance
    if (!(error <= worst)) {
      if (Number.isNaN(error)) return Number.NaN
      worst = error
    }
  }
  return Math.sqrt(worst / dimension)
}

/** The largest over rows of the root mean square of a row of v, relative to atol + rtol · max|y|. */
export function scaledNorm(
  v: Float64Array,
  y: Float64Array,
  dimension: number,
  { rtol, atol }: Tolerances,
): number {
  let worst = 0
  for (let start = 0; start < v.length; start += dimension) {
    let square = 0
    let largest = 0
    for (let i = start; i < start + dimension; i++) {
      square += v[i] * v[i]
      largest = Math.max(largest, Math.abs(y[i]))
    }
    const tolerance = atol + rtol * largest
    worst = Math.max(worst, square / (tolerance * tolerance))
  }
  return Math.sqrt(worst / dimension)
}
