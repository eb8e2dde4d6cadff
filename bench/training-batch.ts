/** Scale c of the data; f(t, x) = c²/r² x + (c t/r) F([arctan(t/c), x/r]) with r = √(c² + t²). */
const SCALE = 0.5

/** Times, points, scores and the times before, row-major. */
interface Batch {
  readonly size: number
  readonly dimension: number
  readonly t: Float64Array
  readonly x: Float64Array
  readonly s: Float64Array
  readonly before: Float64Array
}

/** The network's weights, [in, out] row-major, and its biases. */
interface Weights {
  readonly sizes: readonly number[]
  readonly W: readonly Float32Array[]
  readonly b: readonly Float32Array[]
}

/**
 * Number k of a fixed sequence that looks uniform in (0, 1): a scrambled counter (the finaliser of MurmurHash3, Appleby). It is
 * whole-number arithmetic, so that the scripts in peers/ make the same batch and the same weights.
 */
function uniform(stream: number, k: number): number {
  let h = (Math.imul(stream, 0x9e3779b9) + k) | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (((h ^ (h >>> 16)) >>> 0) + 0.5) / 2 ** 32
}

/** Number k of a fixed sequence that looks standard normal, by the Box–Muller transform. */
function normal(stream: number, k: number): number {
  return Math.sqrt(-2 * Math.log(uniform(stream, 2 * k))) * Math.cos(2 * Math.PI * uniform(stream, 2 * k + 1))
}

/** A fixed batch: log-uniform times in [0.01, 80], points around the data, scores near those of a Gaussian. */
export function fixedBatch(size: number, dimension: number): Batch {
  const t = Float64Array.from({ length: size }, (_, i) => 0.01 * Math.exp(uniform(1, i) * Math.log(8000)))
  const x = new Float64Array(size * dimension)
  const s = new Float64Array(size * dimension)
  for (let k = 0; k < x.length; k++) {
    const time = t[Math.floor(k / dimension)]
    x[k] = 0.5 * normal(2, k) + time * normal(3, k)
    s[k] = -x[k] / (0.25 + time * time) + (0.1 * normal(4, k)) / (0.5 + time)
  }
  return { size, dimension, t, x, s, before: t.map((time) => 0.97 * time) }
}

export function fixedWeights(dimension: number, width: number, layers: number): Weights {
  const sizes = [dimension + 1, ...Array.from({ length: layers }, () => width), dimension]
  const W = sizes
    .slice(1)
    .map((columns, layer) =>
      Float32Array.from(
        { length: sizes[layer] * columns },
        (_, k) => normal(5 + layer, k) / Math.sqrt(sizes[layer]),
      ),
    )
  return { sizes, W, b: sizes.slice(1).map((columns) => new Float32Array(columns)) }
}

/** Inputs of the network and the factors of its output at (t, x), with their tangents along (1, dx) on the rows below. */
interface Prepared {
  /** [2n, d + 1] */
  readonly inputs: Float32Array
  /** [2n]: the factor of the tangent and of the value in df/dt for rows of F and Ḟ: ċ_out on top, c_out below */
  readonly factors: Float32Array
  /** [2n, d]: c_skip x on top, its tangent below */
  readonly base: Float32Array
}

export function prepare(t: Float64Array, x: Float64Array, dx: Float64Array, dimension: number): Prepared {
  const n = t.length
  const width = dimension + 1
  const inputs = new Float32Array(2 * n * width)
  const factors = new Float32Array(2 * n)
  const base = new Float32Array(2 * n * dimension)
  for (let i = 0; i < n; i++) {
    const r2 = SCALE * SCALE + t[i] * t[i]
    const r = Math.sqrt(r2)
    const skip = (SCALE * SCALE) / r2
    const skipRate = (-2 * SCALE * SCALE * t[i]) / (r2 * r2)
    inputs[i * width] = Math.atan(t[i] / SCALE)
    inputs[(n + i) * width] = SCALE / r2
    factors[i] = SCALE ** 3 / (r2 * r)
    factors[n + i] = (SCALE * t[i]) / r
    for (let j = 0; j < dimension; j++) {
      const k = i * dimension + j
      inputs[i * width + 1 + j] = x[k] / r
      inputs[(n + i) * width + 1 + j] = dx[k] / r - (x[k] * t[i]) / (r2 * r)
      base[k] = skip * x[k]
      base[n * dimension + k] = skipRate * x[k] + skip * dx[k]
    }
  }
  return { inputs, factors, base }
}

/** The direction −t s of the flow. */
export function flowRates({ t, s, dimension }: Batch): Float64Array {
  return s.map((value, k) => -t[Math.floor(k / dimension)] * value)
}

/** The points one Euler step earlier. */
export function earlierPoints({ t, x, s, before, dimension }: Batch): Float64Array {
  return x.map((value, k) => {
    const i = Math.floor(k / dimension)
    return value + (t[i] - before[i]) * t[i] * s[k]
  })
}

/** The loss at the first step in float64 with plain loops, which the timed program must agree with. */
export function exactLoss(batch: Batch, weights: Weights, loss: 'pinn' | 'cd'): number {
  const { t, x, before, dimension } = batch
  const dx = flowRates(batch)
  const earlier = earlierPoints(batch)
  let sum = 0
  for (let i = 0; i < batch.size; i++) {
    const row = (a: Float64Array) => a.subarray(i * dimension, (i + 1) * dimension)
    const [value, slope] = exactMap(t[i], row(x), row(dx), weights)
    const other = loss === 'cd' ? exactMap(before[i], row(earlier), row(dx), weights)[0] : value
    for (let j = 0; j < dimension; j++) sum += (loss === 'cd' ? value[j] - other[j] : slope[j]) ** 2
  }
  return sum / batch.size
}

/** f(t, x) and its derivative along (1, dx). */
function exactMap(t: number, x: Float64Array, dx: Float64Array, { sizes, W }: Weights): [number[], number[]] {
  const r = Math.hypot(SCALE, t)
  let h = [Math.atan(t / SCALE), ...Array.from(x, (value) => value / r)]
  let dh = [SCALE / r ** 2, ...Array.from(x, (value, j) => dx[j] / r - (value * t) / r ** 3)]
  for (const [k, w] of W.entries()) {
    const z = new Array<number>(sizes[k + 1]).fill(0)
    const dz = new Array<number>(sizes[k + 1]).fill(0)
    for (let i = 0; i < sizes[k]; i++)
      for (let j = 0; j < z.length; j++) {
        z[j] += h[i] * w[i * z.length + j]
        dz[j] += dh[i] * w[i * z.length + j]
      }
    const last = k === W.length - 1
    h = last ? z : z.map(Math.tanh)
    dh = last ? dz : dz.map((value, j) => (1 - h[j] ** 2) * value)
  }
  const value = h.map((out, j) => (SCALE / r) ** 2 * x[j] + ((SCALE * t) / r) * out)
  const slope = h.map((out, j) => {
    const skip = (-2 * SCALE ** 2 * t * x[j]) / r ** 4 + (SCALE / r) ** 2 * dx[j]
    return skip + (SCALE ** 3 / r ** 3) * out + ((SCALE * t) / r) * dh[j]
  })
  return [value, slope]
}
