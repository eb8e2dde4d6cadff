import { carry } from '../../solvers/neural/points/pool.ts'
import { flowVelocity } from '../../solvers/neural/velocity.ts'
import type { Method, VeMap } from '../../src/consistency-function.ts'
import { gaussianCoordinates } from '../../src/nn/gaussian-coordinates.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { Random } from '../../src/random/random.ts'

export const TIME = 5

/** Relative RMS error of a method and of the map of the Gaussian, on trajectories carried forward from samples. */
export async function errors({ density, dimension: d }: Problem, method: Method, seed = 0) {
  const map: VeMap = await method.solveVe(density, { time: TIME, seed })
  const coordinates = gaussianCoordinates(density.moments)
  const x0 = density.sample?.(2000, new Random(77)) ?? new Float64Array()
  const y = new Float64Array(x0.length)
  coordinates.toY(0, x0, y)
  const theta = coordinates.angle(TIME)
  const angles = Array.from({ length: 100 }, (_, k) => (theta * (k + 1)) / 100)
  carry(flowVelocity(density, coordinates), y, 0, angles, () => {})
  const x = new Float64Array(x0.length)
  coordinates.toX(TIME, y, x)
  const gaussian = new Float64Array(x0.length)
  coordinates.toMap(y, gaussian)
  const error = (f: Float64Array) =>
    Math.sqrt(
      f.reduce((sum, value, i) => sum + (value - x0[i]) ** 2, 0) / (x0.length / d) / density.moments.trace,
    )
  return { map, network: error(map.evaluate(TIME, x)), gaussian: error(gaussian) }
}
