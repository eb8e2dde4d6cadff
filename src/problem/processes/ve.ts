import type { Process } from '../process.ts'

/** Variance exploding, b = 0, σ(t) = √(2t): X_t = X₀ + t Z (docs/mathematics.md §1). The EDM process is the same. */
export function ve(kind: 've' | 'edm' = 've'): Process {
  return {
    kind,
    maximumTime: 1e8,
    alpha: () => 1,
    sigma: (t) => t,
    drift: (_t, _x, out) => void out.fill(0),
    diffusion: (t) => Math.sqrt(2 * t),
  }
}
