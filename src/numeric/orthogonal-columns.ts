const MOST_SWEEPS = 40
const SMALL = 2e-16

/**
 * Turns the columns of a [d, q] row-major matrix until they are orthogonal, in place: F ← F V with V orthogonal, so that F Fᵀ stays. One-sided
 * Jacobi rotations, which keep small columns beside large ones accurate (Hestenes 1958; Demmel and Veselić 1992).
 */
export function orthogonaliseColumns(F: Float64Array, q: number): void {
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let turned = false
    for (let a = 0; a < q; a++)
      for (let b = a + 1; b < q; b++) {
        let [aa, bb, ab] = [0, 0, 0]
        for (let at = 0; at < F.length; at += q) {
          aa += F[at + a] * F[at + a]
          bb += F[at + b] * F[at + b]
          ab += F[at + a] * F[at + b]
        }
        if (!(Math.abs(ab) > SMALL * Math.sqrt(aa * bb))) continue
        turned = true
        const zeta = (bb - aa) / (2 * ab)
        const t = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.hypot(1, zeta))
        const c = 1 / Math.hypot(1, t)
        const s = c * t
        for (let at = 0; at < F.length; at += q) {
          const [first, second] = [F[at + a], F[at + b]]
          F[at + a] = c * first - s * second
          F[at + b] = s * first + c * second
        }
      }
    if (!turned) return
  }
}
