import { LAST_TIME, type Process } from '../process.ts'

/**
 * Variance exploding, b = 0, σ(t) = √(2t): X_t = X₀ + t Z (docs/mathematics.md §1). The EDM process is the same. At t = ∞ it is
 * rescaled by t: a point there is Z.
 */
export function ve(kind: 've' | 'edm' = 've'): Process {
  return {
    kind,
    maximumTime: 1e8,
    infinite: true,
    alpha: (t) => (t === Infinity ? 1 / LAST_TIME : 1),
    sigma: (t) => (t === Infinity ? 1 : t),
    drift: (_t, _x, out) => void out.fill(0),
    diffusion: (t) => Math.sqrt(2 * t),
  }
}
