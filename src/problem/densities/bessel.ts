/**
 * Modified Bessel functions of the first kind as mixtures of spheres need them: the mean of e^{z u₁} over the unit
 * sphere of ℝᵈ, F(z) = Γ(ν + 1) (2/z)^ν I_ν(z) with ν = d/2 − 1, scaled by e^{−z}, and (log F)' = I_{ν+1}/I_ν.
 */
export interface SphereMean {
  /** log F(z) − z for z ≥ 0; 0 at z = 0. */
  logScaled: number
  /** (log F)'(z)/z = I_{ν+1}(z)/(z I_ν(z)); 1/d at z = 0. */
  ratio: number
}

// From this order on the uniform expansion with TERMS terms is exact to rounding (its first omitted term is below
// 1e-16); smaller orders are reached from there by the recurrence, which shrinks errors.
const START = 30
const TERMS = 13

/**
 * Evaluates F and its logarithmic derivative for any dimension and any z ≥ 0 to rounding: the derivative to 1e-15, the
 * logarithm to 1e-15 max(ν, 30) log z.
 *
 * Debye's uniform expansion (DLMF 10.41.3, 10.41.5 with 10.41.9–10) at the order ν or, for small ν, at ν + M ≥ 30;
 * then I_{μ+1}/I_μ = 1/(2(μ + 1)/z + I_{μ+2}/I_{μ+1}) downwards. Written in w = √(ν² + z²), so that nothing cancels:
 * neither at z = 0 nor at z = 1e12.
 *
 * @returns a function that fills `out`; it allocates nothing
 */
export function sphereMean(dimension: number): (z: number, out: SphereMean) => void {
  const { U, SLOPE } = debye()
  const order = dimension / 2 - 1
  const steps = Math.max(0, Math.ceil(START - order))
  const top = order + steps
  // log F(0) = 0 fixes the constant of the expansion
  const constant = -Math.log(sum(U, 1 / top, 1))

  return (z, out) => {
    const w = Math.sqrt(top * top + z * z)
    const inverse = 1 / w
    const square = (top * inverse) ** 2
    const s = sum(U, inverse, square)
    const gap = (z * z) / (w + top)
    let logScaled =
      (-top * (z + gap)) / (w + z) -
      top * Math.log1p(gap / (2 * top)) -
      Math.log1p(gap / top) / 2 +
      constant +
      Math.log(s)
    let ratio = 1 / (w + top) - (sum(SLOPE, inverse, square) * inverse * inverse) / s
    // products of at most 30 factors between 2(μ + 1)/(2(μ + 1) + z) and 1, in pieces that cannot underflow
    let product = 1
    for (let mu = top - 1, k = 0; k < steps; k++, mu--) {
      ratio = 1 / (2 * (mu + 1) + z * z * ratio)
      product *= 2 * (mu + 1) * ratio
      if (product < 1e-200) {
        logScaled -= Math.log(product)
        product = 1
      }
    }
    out.logScaled = logScaled - Math.log(product)
    out.ratio = ratio
  }
}

/** The polynomials of the expansion: U_k(p) = p^k × rows[k], a polynomial in p²; and ½U_k + p U_k' in the same form. */
let expansion: { readonly U: readonly Float64Array[]; readonly SLOPE: readonly Float64Array[] } | undefined

function debye() {
  if (expansion === undefined) {
    const U = debyeRows()
    expansion = { U, SLOPE: U.map((row, k) => row.map((value, j) => value * (0.5 + k + 2 * j))) }
  }
  return expansion
}

/**
 * U_{k+1}(p) = ½p²(1 − p²)U_k' + ⅛∫₀ᵖ(1 − 5q²)U_k dq (DLMF 10.41.9), coefficient j of row k belonging to p^{k+2j}.
 */
function debyeRows(): Float64Array[] {
  const rows = [Float64Array.of(1)]
  for (let k = 0; k < TERMS; k++) {
    const next = new Float64Array(k + 2)
    rows[k].forEach((value, j) => {
      const power = k + 2 * j
      next[j] += value * (power / 2 + 1 / (8 * (power + 1)))
      next[j + 1] -= value * (power / 2 + 5 / (8 * (power + 3)))
    })
    rows.push(next)
  }
  return rows
}

/** Σ_k rows[k](p²) w^{−k}: since p/ν = 1/w, this is Σ U_k(p)/ν^k. */
function sum(rows: readonly Float64Array[], inverse: number, square: number): number {
  let total = 0
  for (let k = rows.length - 1; k >= 0; k--) {
    const row = rows[k]
    let value = 0
    for (let j = row.length - 1; j >= 0; j--) value = value * square + row[j]
    total = total * inverse + value
  }
  return total
}
