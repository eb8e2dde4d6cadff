import { ownPoints, processTime } from '../../src/problem/process.ts'
import type { ErrorSeries } from '../../src/report/index.ts'
import type { Comparison } from './index.ts'
import type { Measured } from './tasks.ts'

/** What maps and curves are drawn from: of a whole comparison, or of a single map. */
export type Mapped = Pick<Comparison, 'grid' | 'problem' | 'time' | 'sample' | 'data'> & {
  readonly measured: readonly Pick<Measured, 'method' | 'statistics' | 'squares' | 'mapErrors' | 'curve'>[]
}

/** The error maps of all times, for the slider of the report; null where there are none. */
export function errorSeries({ grid, measured, problem, time }: Mapped): ErrorSeries | null {
  if (!grid) return null
  const { process, density } = problem
  const { mean, scale } = density.moments
  return {
    figure: 'error-maps',
    dimension: grid.dimension,
    nodes: grid.nodes,
    halfWidth: grid.halfWidth,
    axes: mapAxes[grid.dimension],
    times: grid.times.map(({ time: ve }, k) => {
      const own = k === grid.times.length - 1 ? time : processTime(process, ve)
      const centre = Array.from(ownPoints(process, own, mean))
      return { time: own, centre, scale: process.alpha(own) * Math.hypot(scale, ve) }
    }),
    methods: shownInMaps(measured).map(({ method, mapErrors }) => ({ method, errors: mapErrors ?? [] })),
  }
}

export const mapsTitle = 'Where in noise space each method is wrong'
/** To the right and upwards, by dimension. */
export const mapAxes = {
  1: ['y = (x − μ)/r', 'θ = arctan(t/c) (rad)'],
  2: ['y₁ = (x₁ − μ₁)/r', 'y₂ = (x₂ − μ₂)/r'],
} as const

/** The methods whose errors are drawn: the exact one has nothing to show. */
export function shownInMaps<T extends { readonly method: string }>(measured: readonly T[]): T[] {
  return measured.filter(({ method }) => method !== 'exact')
}

/** Names of the data's coordinates: the standardised columns of a table, else x₁, x₂, … */
export function dataAxes({ data, problem }: Pick<Comparison, 'data' | 'problem'>): string[] {
  // standardised data have no unit
  if (data) return data.columns.map((column) => `${column.replace(/\s*\([^)]*\)$/, '')}, standardised`)
  if (problem.dimension === 1) return ['x']
  return Array.from({ length: problem.dimension }, (_, i) => `x${subscript(i + 1)}`)
}

function subscript(n: number): string {
  return [...String(n)].map((digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]).join('')
}
