/** A function of one variable by its values on a uniform grid. */
export interface LineSpline {
  /** Replaces each y by the value there; beyond the grid the function goes on as a line. */
  evaluate(y: Float64Array): void
  /** The value at one y. */
  at(y: number): number
}

/** The natural cubic spline through values at low, low + h, …, high (de Boor, A Practical Guide to Splines, ch. IV). */
export function lineSpline(low: number, high: number, values: Float64Array): LineSpline {
  const cells = values.length - 1
  const h = (high - low) / cells
  const bends = secondDifferences(values)
  const [from, to] = [slope(0, 0), slope(cells - 1, 1)]

  /** h·f' at the share u of a cell. */
  function slope(cell: number, u: number): number {
    const v = 1 - u
    return (
      values[cell + 1] -
      values[cell] +
      ((1 - 3 * v * v) * bends[cell] + (3 * u * u - 1) * bends[cell + 1]) / 6
    )
  }

  function at(y: number): number {
    const s = (y - low) / h
    if (s <= 0) return values[0] + s * from
    if (s >= cells) return values[cells] + (s - cells) * to
    const cell = Math.floor(s)
    const u = s - cell
    const v = 1 - u
    return (
      v * values[cell] +
      u * values[cell + 1] +
      (v * (v * v - 1) * bends[cell] + u * (u * u - 1) * bends[cell + 1]) / 6
    )
  }

  return {
    at,
    evaluate(y) {
      for (let i = 0; i < y.length; i++) y[i] = at(y[i])
    },
  }
}

/** h² f'' at the nodes, 0 at both ends: b_{i−1} + 4 b_i + b_{i+1} = 6 (f_{i−1} − 2 f_i + f_{i+1}). */
function secondDifferences(values: Float64Array): Float64Array {
  const n = values.length
  const bends = new Float64Array(n)
  const factors = new Float64Array(n)
  for (let i = 1; i < n - 1; i++) {
    const pivot = 4 - factors[i - 1]
    factors[i] = 1 / pivot
    bends[i] = (6 * (values[i - 1] - 2 * values[i] + values[i + 1]) - bends[i - 1]) / pivot
  }
  for (let i = n - 2; i > 0; i--) bends[i] -= factors[i] * bends[i + 1]
  return bends
}
