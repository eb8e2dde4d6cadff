import type { Density } from '../../src/problem/density.ts'
import type { BlockSolver } from './block-solver.ts'
import { comovingVelocity, fromComoving, toComoving } from './comoving.ts'
import { denoiserVelocity, scoreVelocity } from './plain.ts'

// Data on points, lines or planes: below SWITCH·c the ODE is integrated in t, where x is linear in t as soon as the
// nearest point is certain, down to FLOOR·c, where D(t, x) is that point to rounding.
const SWITCH = 0.05
const FLOOR = 1e-11
// eigenvalues of the covariance below this times the largest are rounding
const DEGENERATE = 1e-15

/** x(0) of the trajectories through a block of rows (t, x), in place. */
export type Descent = (t: number, x: Float64Array) => void

/** How trajectories of this density are followed down to t = 0. */
export function descent(density: Density, solver: BlockSolver, coordinates: 'comoving' | 't'): Descent {
  const { mean, scale, eigenvalues } = density.moments
  // one point mass: f(t, x) = μ
  if (scale === 0)
    return (_, x) => {
      for (let i = 0; i < x.length; i++) x[i] = mean[i % density.dimension]
    }

  const comoving = comovingVelocity(density)
  const plain = scoreVelocity(density)
  const pulled = denoiserVelocity(density)

  function throughComoving(t: number, end: number, x: Float64Array): void {
    toComoving(density, t, x, x)
    solver.run('θ', comoving, Math.atan2(t, scale), Math.atan2(end, scale), x)
    fromComoving(density, end, x, x)
  }

  /** For data whose score has no limit at t = 0. */
  function singular(t: number, x: Float64Array): void {
    const change = SWITCH * scale
    const floor = Math.min(FLOOR * scale, t)
    let from = t
    if (coordinates === 'comoving' && t > change) {
      throughComoving(t, change, x)
      from = change
    }
    solver.run('t', pulled, from, floor, x)
    const at = x.slice()
    density.denoiser(floor, at, x)
    solver.evaluations += x.length / density.dimension
  }

  function regular(t: number, x: Float64Array): void {
    if (coordinates === 'comoving') throughComoving(t, 0, x)
    else solver.run('t', plain, t, 0, x)
  }

  const largest = eigenvalues.at(-1) ?? 0
  const flat = density.atomic || eigenvalues[0] <= DEGENERATE * largest
  return flat ? singular : regular
}
