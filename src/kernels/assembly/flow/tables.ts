// biome-ignore lint/style/useImportType: AssemblyScript has no import of types
import { Flow } from './flow'

const SMALLEST: f64 = 1e-300
// products stay this far from where doubles end
const LOW: f64 = 1e-140
const HIGH: f64 = 1e140

/**
 * The table of a time: tan θ, then for every component 2 log(w_k √|B_k|), m_k [d], B_k m_k [d], and C_k: [d, d], of two
 * dimensions C₁₁, C₁₂, C₂₂.
 */
export function fill(flow: Flow, table: usize, theta: f64): void {
  const d = <usize>flow.dimension
  const scale = flow.scale
  const tangent = NativeMath.tan(theta)
  const t = scale * tangent
  const square = t * t
  const large = scale * scale + square
  const shrink = 1 / Math.sqrt(large)
  store<f64>(table, tangent)
  if (d === 1) one(flow, table + 8, square, large, shrink)
  else if (d === 2) two(flow, table + 8, square, large, shrink)
  else many(flow, table + 8, square, large, shrink)
}

function one(flow: Flow, at: usize, square: f64, large: f64, shrink: f64): void {
  const own = flow.scale * flow.scale
  const bytes = (<usize>flow.count) << 3
  for (let k: usize = 0; k < bytes; k += 8) {
    const eigenvalue = load<f64>(<usize>flow.eigenvalues + k)
    const inverse = 1 / max(eigenvalue + square, SMALLEST)
    const gain = (own - eigenvalue) * inverse
    const mean = shrink * load<f64>(<usize>flow.means + k)
    store<f64>(at, load<f64>(<usize>flow.logWeights + k) + NativeMath.log(large * inverse))
    store<f64>(at, mean, 8)
    store<f64>(at, mean + gain * mean, 16)
    store<f64>(at, gain, 24)
    at += 32
  }
}

function two(flow: Flow, at: usize, square: f64, large: f64, shrink: f64): void {
  const own = flow.scale * flow.scale
  let outer = <usize>flow.outer
  const bytes = (<usize>flow.count) << 3
  for (let k: usize = 0; k < bytes; k += 8) {
    const values = <usize>flow.eigenvalues + 2 * k
    const means = <usize>flow.means + 2 * k
    const eigenvalue1 = load<f64>(values)
    const eigenvalue2 = load<f64>(values, 8)
    const inverse1 = 1 / max(eigenvalue1 + square, SMALLEST)
    const inverse2 = 1 / max(eigenvalue2 + square, SMALLEST)
    const determinant = large * inverse1 * (large * inverse2)
    const logarithm =
      determinant > LOW && determinant < HIGH
        ? NativeMath.log(determinant)
        : NativeMath.log(large * inverse1) + NativeMath.log(large * inverse2)
    // not large · inverse − 1, which loses digits at large times
    const gain1 = (own - eigenvalue1) * inverse1
    const gain2 = (own - eigenvalue2) * inverse2
    const c11 = gain1 * load<f64>(outer) + gain2 * load<f64>(outer, 24)
    const c12 = gain1 * load<f64>(outer, 8) + gain2 * load<f64>(outer, 32)
    const c22 = gain1 * load<f64>(outer, 16) + gain2 * load<f64>(outer, 40)
    const mean1 = shrink * load<f64>(means)
    const mean2 = shrink * load<f64>(means, 8)
    store<f64>(at, load<f64>(<usize>flow.logWeights + k) + logarithm)
    store<f64>(at, mean1, 8)
    store<f64>(at, mean2, 16)
    store<f64>(at, mean1 + c11 * mean1 + c12 * mean2, 24)
    store<f64>(at, mean2 + c12 * mean1 + c22 * mean2, 32)
    store<f64>(at, c11, 40)
    store<f64>(at, c12, 48)
    store<f64>(at, c22, 56)
    outer += 48
    at += 64
  }
}

function many(flow: Flow, at: usize, square: f64, large: f64, shrink: f64): void {
  const d = <usize>flow.dimension
  const scale = flow.scale
  const entries = d * d
  const stride = (1 + 2 * d + entries) << 3
  let means = <usize>flow.means
  let values = <usize>flow.eigenvalues
  let outer = <usize>flow.outer
  for (let k: usize = 0; k < <usize>flow.count; k++) {
    const matrix = at + ((1 + 2 * d) << 3)
    for (let i: usize = 0; i < entries; i++) store<f64>(matrix + (i << 3), 0)
    let determinant: f64 = 1
    let constant = load<f64>(<usize>flow.logWeights + (k << 3))
    for (let j: usize = 0; j < d; j++) {
      const eigenvalue = load<f64>(values + (j << 3))
      const inverse = 1 / max(eigenvalue + square, SMALLEST)
      determinant *= large * inverse
      if (determinant < LOW || determinant > HIGH) {
        constant += NativeMath.log(determinant)
        determinant = 1
      }
      const value = (scale * scale - eigenvalue) * inverse
      for (let i: usize = 0; i < entries; i++) {
        const entry = matrix + (i << 3)
        store<f64>(entry, load<f64>(entry) + value * load<f64>(outer + (i << 3)))
      }
      outer += entries << 3
    }
    store<f64>(at, constant + NativeMath.log(determinant))
    for (let i: usize = 0; i < d; i++) store<f64>(at + 8 + (i << 3), shrink * load<f64>(means + (i << 3)))
    for (let i: usize = 0; i < d; i++) {
      let product = load<f64>(at + 8 + (i << 3))
      for (let j: usize = 0; j < d; j++) {
        product += load<f64>(matrix + ((i * d + j) << 3)) * load<f64>(at + 8 + (j << 3))
      }
      store<f64>(at + 8 + ((d + i) << 3), product)
    }
    means += d << 3
    values += d << 3
    at += stride
  }
}
