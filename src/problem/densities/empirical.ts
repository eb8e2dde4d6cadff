import { InputError } from '../../errors.ts'
import { posteriorKernel } from '../../kernels/gauss-grid.ts'
import { multiplyRows, transposed } from '../../numeric/matrix.ts'
import { type Moments, pointMoments } from '../../numeric/moments.ts'
import type { Random } from '../../random/random.ts'
import type { EmpiricalSpec } from '../../specification/data.ts'
import type { Density, Strata, Times } from '../density.ts'
import { withPrincipalAxes } from './structure.ts'

/** Equal point masses, or a kernel density with an isotropic Gaussian kernel. */
export interface Empirical extends Density {
  /** [N, d] row-major */
  readonly points: Float64Array
  /** The kernel's standard deviation h; 0 for point masses. */
  readonly bandwidth: number
}

/** Whether a density is that of `empirical` data. */
export function isEmpirical(density: Density): density is Empirical {
  return density.kind === 'empirical'
}

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

function createEmpirical(centres: Float64Array, d: number, bandwidth: number, known?: Moments): Empirical {
  const n = centres.length / d
  const kernel = posteriorKernel(centres, d, bandwidth * bandwidth)
  const variance = (t: number) => Math.max(bandwidth * bandwidth + t * t, 1e-300)
  const variances = (t: Times) => (typeof t === 'number' ? variance(t) : t.map(variance))

  function score(t: Times, x: Float64Array, out: Float64Array): void {
    const v = variances(t)
    kernel.respond(v, x, (row, values, at) => {
      const inverse = 1 / (typeof v === 'number' ? v : v[row])
      for (let i = 0; i < d; i++) out[row * d + i] = (values[at + i] - x[row * d + i]) * inverse
    })
  }

  function denoiser(t: Times, x: Float64Array, out: Float64Array): void {
    const v = variances(t)
    kernel.respond(v, x, (row, values, at) => {
      const gain = (bandwidth * bandwidth) / (typeof v === 'number' ? v : v[row])
      for (let i = 0; i < d; i++) out[row * d + i] = values[at + i] + gain * (x[row * d + i] - values[at + i])
    })
  }

  function logDensity(t: Times, x: Float64Array, out: Float64Array): void {
    const v = variances(t)
    kernel.respond(v, x, (row, values, at) => {
      const own = typeof v === 'number' ? v : v[row]
      const [nearest, total] = [values[at + d], values[at + d + 1]]
      out[row] = -nearest / (2 * own) + Math.log(total / n) - (d / 2) * Math.log(2 * Math.PI * own)
    })
  }

  /** Rows, each of the kernel that `choose` names. */
  function drawRows(count: number, random: Random, choose: (row: number) => number): Float64Array {
    const x = new Float64Array(count * d)
    for (let start = 0, row = 0; start < x.length; start += d, row++) {
      const k = choose(row)
      for (let i = 0; i < d; i++) x[start + i] = centres[k * d + i] + bandwidth * random.normal()
    }
    return x
  }

  /** All kernels with the least share of any, and those that have more once again with the rest of theirs. */
  function logMixture(shares: Float64Array, t: number, x: Float64Array, out: Float64Array): void {
    logDensity(t, x, out)
    const least = shares.reduce((a, b) => Math.min(a, b))
    const raised = Array.from(shares.keys()).filter((k) => shares[k] > least)
    const v = variance(t)
    const logNormaliser = (d / 2) * Math.log(2 * Math.PI * v)
    for (let row = 0; row < out.length; row++) {
      let ratio = n * least
      for (const k of raised) {
        let square = 0
        for (let i = 0; i < d; i++) square += (x[row * d + i] - centres[k * d + i]) ** 2
        ratio += (shares[k] - least) * Math.exp(-square / (2 * v) - logNormaliser - out[row])
      }
      out[row] += Math.log(ratio)
    }
  }

  const moments = known ?? pointMoments(centres, d, new Float64Array(n).fill(1 / n), bandwidth * bandwidth)
  const strata: Strata = {
    name: 'rows of the data',
    masses: new Float64Array(n).fill(1 / n),
    spreads: Float64Array.from({ length: n }, (_, k) => {
      let square = d * bandwidth * bandwidth
      for (let i = 0; i < d; i++) square += (centres[k * d + i] - moments.mean[i]) ** 2
      return square / (n * moments.trace)
    }),
    whole: true,
    draw: (labels, random) => drawRows(labels.length, random, (row) => labels[row]),
    ...(bandwidth > 0 && { logDensity: logMixture }),
  }

  const common = {
    kind: 'empirical',
    dimension: d,
    terms: kernel.terms,
    finest: bandwidth,
    moments,
    points: centres,
    bandwidth,
    score,
    denoiser,
    sample: (count: number, random: Random) => drawRows(count, random, () => random.integer(n)),
    strata,
  }
  const density: Empirical =
    bandwidth === 0 ? { ...common, atomic: true } : { ...common, atomic: false, logDensity }
  return known ? density : withPrincipalAxes(density, () => alignedEmpirical(density))
}

/** The same points in the eigenbasis of their covariance: an isotropic kernel looks the same in every basis. */
function alignedEmpirical({ points, dimension: d, bandwidth, moments }: Empirical): Empirical {
  const turn = transposed(moments.eigenvectors, d)
  const centres = new Float64Array(points.length)
  multiplyRows(turn, d, points, centres)
  const mean = new Float64Array(d)
  multiplyRows(turn, d, moments.mean, mean)
  const eigenvectors = Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? 1 : 0))
  return createEmpirical(centres, d, bandwidth, { ...moments, mean, eigenvectors })
}
