import { componentsOf, factorsOf } from '../../../src/problem/densities/structure.ts'
import type { Density } from '../../../src/problem/density.ts'

/** A Gaussian part of p_data, in the coordinates y(0) of docs/mathematics.md §2. */
export interface Mode {
  readonly weight: number
  /** [d] */
  readonly mean: Float64Array
  /** [d] standard deviations along the principal axes */
  readonly deviations: Float64Array
  /** [d, d], column j the axis j */
  readonly axes: Float64Array
}

/** Modes that are taken one by one; data of more parts are treated as a whole. */
const MOST = 4096

/** The Gaussian parts of a density that is known to be a sum of them: a mixture, a product of mixtures, a kernel density. */
export function modesOf(density: Density): readonly Mode[] | null {
  const modes = mixtureModes(density) ?? productModes(density) ?? kernelModes(density)
  return modes && modes.length <= MOST && modes.every(({ deviations }) => deviations.every((s) => s > 0))
    ? modes
    : null
}

function mixtureModes(density: Density): Mode[] | null {
  const known = componentsOf(density)
  if (!known) return null
  const { dimension: d, moments } = density
  return Array.from(known.weights, (weight, k) => ({
    weight,
    mean: known.means.slice(k * d, (k + 1) * d).map((value, i) => (value - moments.mean[i]) / moments.scale),
    deviations: known.eigenvalues
      .slice(k * d, (k + 1) * d)
      .map((value) => Math.sqrt(Math.max(value, 0)) / moments.scale),
    axes: known.eigenvectors.slice(k * d * d, (k + 1) * d * d),
  }))
}

/** One mode for every choice of a component of each factor. */
function productModes(density: Density): Mode[] | null {
  const factors = factorsOf(density)
  if (!factors) return null
  const { dimension: d, moments } = density
  const parts = factors.marginals().map(componentsOf)
  const { rotation } = factors
  let choices: number[][] = [[]]
  for (const part of parts) {
    if (!part || choices.length * part.weights.length > MOST) return null
    choices = choices.flatMap((choice) => Array.from(part.weights, (_, k) => [...choice, k]))
  }
  // z = R x, and so x = Rᵀ z
  const axes = Float64Array.from({ length: d * d }, (_, at) => rotation[(at % d) * d + Math.floor(at / d)])
  return choices.map((choice) => {
    const part = (key: 'weights' | 'means' | 'eigenvalues') =>
      choice.map((k, i) => parts[i]?.[key][k] ?? Number.NaN)
    const centre = part('means')
    return {
      weight: part('weights').reduce((product, weight) => product * weight, 1),
      mean: Float64Array.from({ length: d }, (_, i) => {
        const x = centre.reduce((sum, z, j) => sum + axes[i * d + j] * z, 0)
        return (x - moments.mean[i]) / moments.scale
      }),
      deviations: Float64Array.from(part('eigenvalues'), (value) => Math.sqrt(value) / moments.scale),
      axes,
    }
  })
}

function kernelModes(density: Density): Mode[] | null {
  const { points, bandwidth } = density as { points?: unknown; bandwidth?: unknown }
  if (density.kind !== 'empirical' || !(points instanceof Float64Array) || typeof bandwidth !== 'number')
    return null
  const { dimension: d, moments } = density
  const deviations = new Float64Array(d).fill(bandwidth / moments.scale)
  const axes = Float64Array.from({ length: d * d }, (_, at) => Number(at % (d + 1) === 0))
  const count = points.length / d
  if (count > MOST) return null
  return Array.from({ length: count }, (_, k) => ({
    weight: 1 / count,
    mean: points.slice(k * d, (k + 1) * d).map((value, i) => (value - moments.mean[i]) / moments.scale),
    ...{ deviations, axes },
  }))
}

/** The standard deviation of a mode along a unit vector, and its width there: that of its section through the centre. */
export function alongAxis(mode: Mode, direction: Float64Array): { deviation: number; width: number } {
  const d = direction.length
  let variance = 0
  let precision = 0
  for (let j = 0; j < d; j++) {
    let part = 0
    for (let i = 0; i < d; i++) part += mode.axes[i * d + j] * direction[i]
    variance += (part * mode.deviations[j]) ** 2
    precision += (part / mode.deviations[j]) ** 2
  }
  return { deviation: Math.sqrt(variance), width: 1 / Math.sqrt(precision) }
}
