/**
 * The factor Q of the QR decomposition of a square matrix by Householder reflections in float64
 * (Golub & Van Loan, Matrix Computations, algorithms 5.1.1 and 5.2.1).
 *
 * @param a [n, n] row-major; not changed
 * @returns Q, row-major, orthogonal to rounding for every a, singular ones too
 */
export function orthogonalFactor(a: ArrayLike<number>, n: number): Float64Array {
  const r = Float64Array.from(a)
  const q = new Float64Array(n * n)
  const beta = new Float64Array(n)
  const w = new Float64Array(n)
  for (let k = 0; k < n; k++) beta[k] = reflector(r, n, k)
  for (let i = 0; i < n; i++) q[i * n + i] = 1
  for (let k = n - 1; k >= 0; k--) reflect(r, q, w, n, k, k, beta[k])
  return q

  /** Makes the reflector of column k, keeps its vector below the diagonal, applies it to the columns to the right. */
  function reflector(r: Float64Array, n: number, k: number): number {
    let tail = 0
    for (let i = k + 1; i < n; i++) tail += r[i * n + k] ** 2
    const head = r[k * n + k]
    if (tail === 0) {
      r[k * n + k] = 1
      return 0
    }
    const norm = Math.sqrt(head * head + tail)
    const first = head > 0 ? head + norm : head - norm
    for (let i = k + 1; i < n; i++) r[i * n + k] /= first
    r[k * n + k] = 1
    const b = (2 * first * first) / (first * first + tail)
    reflect(r, r, w, n, k, k + 1, b)
    return b
  }
}

/** m ← (I − β v vᵀ) m on rows k … n−1 and columns from … n−1, v being column k of r from the diagonal down. */
function reflect(
  r: Float64Array,
  m: Float64Array,
  w: Float64Array,
  n: number,
  k: number,
  from: number,
  beta: number,
): void {
  if (beta === 0) return
  w.fill(0)
  for (let i = k; i < n; i++) {
    const v = r[i * n + k]
    for (let j = from; j < n; j++) w[j] += v * m[i * n + j]
  }
  for (let i = k; i < n; i++) {
    const v = beta * r[i * n + k]
    for (let j = from; j < n; j++) m[i * n + j] -= v * w[j]
  }
}
