import { componentsOf, hasComponents } from '../../solvers/fixed-points/gaussian-components.ts'
import { posterior } from '../../solvers/fixed-points/posterior.ts'
import type { Density } from '../../src/problem/density.ts'
import { formatNumber, formatPercent } from '../../src/report/format.ts'
import type { ReportSection } from '../../src/report/index.ts'

/** How a map does on the trajectories of one mode of the data. */
interface ModeErrors {
  readonly mean: readonly number[]
  /** Its share of the data. */
  readonly probability: number
  /** The share of the noise that the map sends to it. */
  readonly mapped: number
  /** √E|f̂ − f|² on its trajectories, relative to √(tr Cov(p_data)). */
  readonly error: number
  /** Its share of the squared error of all. */
  readonly share: number
}

// more are rows of data, not modes
const MOST = 24
// of the data scale: small enough for the posterior to be that of the data, large enough for point masses
const NEARLY_ZERO = 1e-6

/**
 * The error of a map by the mode that each trajectory starts in, for data made of a few Gaussians or points; null for others.
 *
 * @param x0 n·d values, where the trajectories start
 * @param values n·d values of the map at T
 */
export function errorsByMode(
  density: Density,
  x0: Float64Array,
  values: Float64Array,
  weights: Float64Array,
): ModeErrors[] | null {
  if (!hasComponents(density)) return null
  const { trace, scale } = density.moments
  const d = density.dimension
  const parts = density.strata?.masses.length ?? 0
  if (density.kind !== 'product' && (parts < 2 || parts > MOST)) return null
  const components = componentsOf(density)
  const count = components.weights.length
  if (count < 2 || count > MOST) return null
  const law = posterior(components, NEARLY_ZERO * scale)
  const modeOf = (x: Float64Array, row: number) => {
    law.at(x, row * d)
    return law.responsibilities.reduce((best, value, k) => (value > law.responsibilities[best] ? k : best), 0)
  }
  const [mass, mapped, squares] = [0, 1, 2].map(() => new Float64Array(count))
  let total = 0
  for (const [row, weight] of weights.entries()) {
    const mode = modeOf(x0, row)
    let square = 0
    for (let i = row * d; i < (row + 1) * d; i++) square += (values[i] - x0[i]) ** 2 / trace
    mass[mode] += weight
    mapped[modeOf(values, row)] += weight
    squares[mode] += weight * square
    total += weight
  }
  const all = squares.reduce((sum, square) => sum + square, 0)
  return Array.from({ length: count }, (_, k) => ({
    mean: Array.from(components.means.subarray(k * d, (k + 1) * d)),
    probability: mass[k] / total,
    mapped: mapped[k] / total,
    error: mass[k] > 0 ? Math.sqrt(squares[k] / mass[k]) : 0,
    share: all > 0 ? squares[k] / all : 0,
  }))
}

// coordinates of a mean that are shown
const ROUNDING = 1e-12
const SHOWN = 3

export function modesSection(modes: readonly ModeErrors[]): ReportSection {
  return {
    heading: 'By mode of the data',
    paragraphs: [
      'Trajectories are counted to the component that they start in. Where the map sends less of the noise to a mode than the data has there, it moves the border between modes.',
    ],
    table: {
      caption: 'Error by mode',
      head: ['mean of the mode', 'share of the data', 'share of f̂', 'relative error', 'of the squared error'],
      rows: modes.map(({ mean, probability, mapped, error, share }) => [
        `(${mean
          .slice(0, SHOWN)
          // a coordinate that is rounding beside the others is 0
          .map((value) =>
            formatNumber(Math.abs(value) < ROUNDING * Math.max(...mean.map(Math.abs)) ? 0 : value),
          )
          .join(', ')}${mean.length > SHOWN ? ', …' : ''})`,
        ...[formatPercent(probability), formatPercent(mapped), formatNumber(error), formatPercent(share)],
      ]),
    },
  }
}
