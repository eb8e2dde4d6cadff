import { InputError } from '../../errors.ts'
import type { Random } from '../../random/random.ts'
import type { Density, Times } from '../density.ts'
import { pointMoments } from '../moments.ts'
import type { EmpiricalSpec } from '../specification.ts'

/** Equal point masses, or a kernel density with an isotropic Gaussian kernel. */
export interface Empirical extends Density {
  /** [N, d] row-major */
  readonly points: Float64Array
  /** The kernel's standard deviation h; 0 for point masses. */
  readonly bandwidth: number
}

// beyond this many nats under the nearest point a kernel adds less than 3e-20 to the sum
const NEGLIGIBLE = 45

/**
 * The density of an `empirical` problem file: (1/N) Σ N(x_i, h² I); diffused, the same with h² + t². Everything in
 * log-sum-exp form about the nearest point.
 *
 * @throws InputError for ragged points, or a file that has not been read yet (`readProblem` reads it)
 */
export function empirical(spec: EmpiricalSpec): Empirical {
  if (!spec.points) {
    if (spec.file)
      throw new InputError('problem.data.file', spec.file, 'points here; readProblem() reads files')
    throw new InputError('problem.data', Object.keys(spec), 'points or a file')
  }
  if (spec.file || spec.columns)
    throw new InputError('problem.data', Object.keys(spec), 'points or a file, not both')
  const d = spec.points[0]?.length ?? 0
  spec.points.forEach((row, i) => {
    if (row.length !== d)
      throw new InputError(`problem.data.points[${i}]`, row, `${d} numbers like the first point`)
  })
  const centres = Float64Array.from(spec.points.flat())
  const bandwidth = spec.bandwidth === 'silverman' ? silverman(centres, d) : spec.bandwidth
  return createEmpirical(centres, d, bandwidth)
}

/** Silverman's rule with the data scale c: h = c (4 / ((d + 2) N))^{1/(d+4)} (Silverman 1986, eq. 4.14). */
export function silverman(x: Float64Array, dimension: number): number {
  const n = x.length / dimension
  const { scale } = pointMoments(x, dimension, new Float64Array(n).fill(1 / n))
  return scale * (4 / ((dimension + 2) * n)) ** (1 / (dimension + 4))
}

function createEmpirical(centres: Float64Array, d: number, bandwidth: number): Empirical {
  const n = centres.length / d
  const kernel = bandwidth * bandwidth
  const squares = new Float64Array(n)
  // scratch of one row: the weighted sum of centres
  const mean = new Float64Array(d)

  /** Squared distances of the row at `start` to all centres into squares; returns the smallest. */
  function distances(x: Float64Array, start: number): number {
    let nearest = Infinity
    for (let k = 0, at = 0; k < n; k++) {
      let square = 0
      for (let i = 0; i < d; i++, at++) {
        const difference = x[start + i] - centres[at]
        square += difference * difference
      }
      squares[k] = square
      if (square < nearest) nearest = square
    }
    return nearest
  }

  /** The posterior mean of the kernel's centre into mean; returns log p_t(x). */
  function respond(t: number, x: Float64Array, start: number): number {
    const variance = Math.max(kernel + t * t, 1e-300)
    const rate = -0.5 / variance
    const nearest = distances(x, start)
    const cut = nearest + NEGLIGIBLE * 2 * variance
    for (let i = 0; i < d; i++) mean[i] = 0
    let total = 0
    for (let k = 0; k < n; k++) {
      if (squares[k] > cut) continue
      const weight = Math.exp(rate * (squares[k] - nearest))
      total += weight
      for (let i = 0; i < d; i++) mean[i] += weight * centres[k * d + i]
    }
    for (let i = 0; i < d; i++) mean[i] /= total
    return rate * nearest + Math.log(total / n) - (d / 2) * Math.log(2 * Math.PI * variance)
  }

  function score(t: Times, x: Float64Array, out: Float64Array): void {
    for (let start = 0, row = 0; start < x.length; start += d, row++) {
      const time = typeof t === 'number' ? t : t[row]
      respond(time, x, start)
      const variance = Math.max(kernel + time * time, 1e-300)
      for (let i = 0; i < d; i++) out[start + i] = (mean[i] - x[start + i]) / variance
    }
  }

  function denoiser(t: Times, x: Float64Array, out: Float64Array): void {
    for (let start = 0, row = 0; start < x.length; start += d, row++) {
      const time = typeof t === 'number' ? t : t[row]
      respond(time, x, start)
      const gain = kernel / Math.max(kernel + time * time, 1e-300)
      for (let i = 0; i < d; i++) out[start + i] = mean[i] + gain * (x[start + i] - mean[i])
    }
  }

  function logDensity(t: Times, x: Float64Array, out: Float64Array): void {
    for (let start = 0, row = 0; start < x.length; start += d, row++)
      out[row] = respond(typeof t === 'number' ? t : t[row], x, start)
  }

  function sample(count: number, random: Random): Float64Array {
    const x = new Float64Array(count * d)
    for (let start = 0; start < x.length; start += d) {
      const k = random.integer(n)
      for (let i = 0; i < d; i++) x[start + i] = centres[k * d + i] + bandwidth * random.normal()
    }
    return x
  }

  const common = {
    kind: 'empirical',
    dimension: d,
    moments: pointMoments(centres, d, new Float64Array(n).fill(1 / n), kernel),
    points: centres,
    bandwidth,
    score,
    denoiser,
    sample,
  }
  return bandwidth === 0 ? { ...common, atomic: true } : { ...common, atomic: false, logDensity }
}
