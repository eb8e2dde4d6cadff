import { foldedShift } from '../expression/shift.ts'
import type { ParsedSpec } from '../specification.ts'
import type { Density } from './density.ts'

type DataSpec = ParsedSpec['data']

/** Data about the origin, and where it was. */
export interface CentredData {
  readonly data: DataSpec
  /** [d]: what was subtracted. */
  readonly centre: Float64Array
}

/** Data whose mean is further from the origin than this many times its scale c is shifted to the origin. */
const FAR = 1e5

/**
 * The same data about its mean, where that is so far from the origin that differences of coordinates would lose digits: a point at 1e8 has
 * only eight digits behind the point, and x − μ keeps all of them if it is taken first. null where the data is near enough, or known by a score alone.
 */
export function centredData(data: DataSpec, { moments, dimension }: Density): CentredData | null {
  const { mean, scale } = moments
  if (!(scale > 0) || mean.every((value) => Math.abs(value) <= FAR * scale)) return null
  const centre = mean
  const about = (point: number | readonly number[]) =>
    (typeof point === 'number' ? [point] : point).map((value, i) => value - centre[i])
  switch (data.kind) {
    case 'gaussian':
      return { centre, data: { ...data, mean: about(data.mean) } }
    case 'mixture':
      return { centre, data: { ...data, means: data.means.map(about) } }
    case 'radial':
      return { centre, data: { ...data, centre: about(data.centre ?? new Array<number>(dimension).fill(0)) } }
    case 'empirical':
      return data.points ? { centre, data: { ...data, points: data.points.map(about) } } : null
    case 'product': {
      // z = R x: each marginal about its own mean
      const middles = Array.from(centre, (_, j) =>
        data.rotation ? data.rotation[j].reduce((sum, entry, i) => sum + entry * centre[i], 0) : centre[j],
      )
      const marginals = data.marginals.map((marginal, j) => ({
        ...marginal,
        means: marginal.means.map((value) => value - middles[j]),
      }))
      return { centre, data: { ...data, marginals } }
    }
    case 'formula':
      return {
        centre,
        data: {
          ...data,
          density: foldedShift(data.density, dimension === 1 ? ['x'] : ['x1', 'x2'], centre),
          ...(data.box && {
            box: data.box.map(([low, high], i): [number, number] => [low - centre[i], high - centre[i]]),
          }),
        },
      }
    case 'expression':
    case 'neural':
      return null
  }
}
