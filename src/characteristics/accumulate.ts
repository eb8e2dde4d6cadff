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
