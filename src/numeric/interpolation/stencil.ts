/** The B-splines around one point: what `tensorSpline` hands to the sum over the coefficients of its dimension. */
interface Stencil {
  /** [d, span] the B-splines of every axis that do not vanish at the point */
  readonly values: Float64Array
  /** [d, span] their derivatives by y */
  readonly slopes: Float64Array
  readonly span: number
  /** Coefficients an axis. */
  readonly extended: number
}

/**
 * Sums the coefficients c from index `first` on: the value into value[d], and the Jacobian, row-major by component,
 * into jacobian[d·d]. One function a dimension, because the sums are unrolled over components.
 */
export type StencilSum = (
  c: Float64Array,
  first: number,
  stencil: Stencil,
  value: Float64Array,
  jacobian: Float64Array,
) => void

export const sumLine: StencilSum = (c, first, { values, slopes, span }, value, jacobian) => {
  let f = 0
  let fx = 0
  for (let k = 0; k < span; k++) {
    f += values[k] * c[first + k]
    fx += slopes[k] * c[first + k]
  }
  value[0] = f
  jacobian[0] = fx
}

export const sumPlane: StencilSum = (c, first, { values, slopes, span, extended }, value, jacobian) => {
  let f = 0
  let fx = 0
  let fy = 0
  let g = 0
  let gx = 0
  let gy = 0
  for (let a = 0; a < span; a++) {
    let j = first + a * extended * 2
    let fs = 0
    let fd = 0
    let gs = 0
    let gd = 0
    for (let k = span; k < 2 * span; k++, j += 2) {
      const weight = values[k]
      const slope = slopes[k]
      fs += weight * c[j]
      fd += slope * c[j]
      gs += weight * c[j + 1]
      gd += slope * c[j + 1]
    }
    const weight = values[a]
    const slope = slopes[a]
    f += weight * fs
    fx += slope * fs
    fy += weight * fd
    g += weight * gs
    gx += slope * gs
    gy += weight * gd
  }
  value[0] = f
  value[1] = g
  jacobian[0] = fx
  jacobian[1] = fy
  jacobian[2] = gx
  jacobian[3] = gy
}

export const sumSpace: StencilSum = (c, first, { values, slopes, span, extended }, value, jacobian) => {
  value.fill(0)
  jacobian.fill(0)
  for (let a = 0; a < span; a++)
    for (let b = 0; b < span; b++) {
      let j = first + (a * extended + b) * extended * 3
      let fs = 0
      let fd = 0
      let gs = 0
      let gd = 0
      let hs = 0
      let hd = 0
      for (let k = 2 * span; k < 3 * span; k++, j += 3) {
        const weight = values[k]
        const slope = slopes[k]
        fs += weight * c[j]
        fd += slope * c[j]
        gs += weight * c[j + 1]
        gd += slope * c[j + 1]
        hs += weight * c[j + 2]
        hd += slope * c[j + 2]
      }
      const weight = values[a] * values[span + b]
      const weightX = slopes[a] * values[span + b]
      const weightY = values[a] * slopes[span + b]
      value[0] += weight * fs
      jacobian[0] += weightX * fs
      jacobian[1] += weightY * fs
      jacobian[2] += weight * fd
      value[1] += weight * gs
      jacobian[3] += weightX * gs
      jacobian[4] += weightY * gs
      jacobian[5] += weight * gd
      value[2] += weight * hs
      jacobian[6] += weightX * hs
      jacobian[7] += weightY * hs
      jacobian[8] += weight * hd
    }
}
