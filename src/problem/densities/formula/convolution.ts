import { AxisIntegrals } from './leaf.ts'
import { legendreRule, NODES } from './legendre.ts'
import type { Cell } from './tree.ts'

/** The law of X₀ seen from X_t = x. */
export interface Diffused {
  /** log ∫ q(y) exp(−|x − y|²/(2t²)) dy */
  log: number
  /** E[X₀ | X_t = x] − x */
  readonly shift: Float64Array
}

// A cell counts by its masses where exp(−|x − y|²/(2t²)) interpolated at its nodes is exact to rounding: the exponent
// may change by ±a about its middle with a¹⁶/(2¹⁵ 16!) below 1e-14 (1e-13 in the plane), and by more where the cell itself
// is small beside the sum: a = exp((LOG_ALLOWED + log of that ratio)/16).
const LOG_ALLOWED = [9, 11]
// what is below e^-37 of the sum is beyond its last digit
const NEGLIGIBLE = 37
// a polynomial may be slightly negative where the density is next to nothing
const FLOOR = 1e-20

/**
 * The Gaussian convolution of a tree of cells, by descent from the root: a cell is taken as a whole as soon as the kernel
 * is smooth in it, a leaf by integrals of its polynomial, and what cannot matter is left out. Scaled throughout, so that
 * it is finite however far x is.
 */
export function convolution(
  root: Cell,
  dimension: number,
): (t: number, x1: number, x2: number, out: Diffused) => void {
  const n2 = dimension === 1 ? 1 : NODES
  const kernels = [new Float64Array(NODES), new Float64Array(n2)]
  const offsets = [new Float64Array(NODES), new Float64Array(n2)]
  const integrals = [new AxisIntegrals(), new AxisIntegrals()]
  const ones = { values: Float64Array.of(1), moments: Float64Array.of(0), value: 1, moment: 0 }
  const x = [0, 0]
  let t = 0
  // the sums are to be multiplied by e^base; reference is the logarithm of the total
  let base = 0
  let reference = 0
  let total = 0
  const first = [0, 0]

  const near = (cell: Cell, axis: 0 | 1) =>
    Math.max(0, Math.abs(x[axis] - cell.middle[axis]) - cell.half[axis])

  function bound(cell: Cell): number {
    const [a, b] = [near(cell, 0), dimension === 1 ? 0 : near(cell, 1)]
    return cell.logMass - (a * a + b * b) / (2 * t * t)
  }

  /** How far the exponent of the kernel is from its value in the middle of the cell. */
  function change({ middle, half }: Cell, axis: 0 | 1): number {
    return (half[axis] * (Math.abs(x[axis] - middle[axis]) + half[axis])) / (t * t)
  }

  function visit(cell: Cell, bounded: number): void {
    const gap = reference - bounded
    if (gap > NEGLIGIBLE) return
    const allowed = Math.exp((LOG_ALLOWED[dimension - 1] + Math.max(0, gap)) / NODES)
    const smooth = change(cell, 0) <= allowed && (dimension === 1 || change(cell, 1) <= allowed)
    if (smooth) addMasses(cell)
    else if (cell.children) visitBoth(cell.children[0], cell.children[1])
    else addLeaf(cell)
  }

  /** The weightier first: then the other is often negligible. */
  function visitBoth(a: Cell | null, b: Cell | null): void {
    const [boundA, boundB] = [a ? bound(a) : -Infinity, b ? bound(b) : -Infinity]
    if (a && boundA >= boundB) visit(a, boundA)
    if (b) visit(b, boundB)
    if (a && boundA < boundB) visit(a, boundA)
  }

  function addMasses({ masses, middle, half }: Cell): void {
    const { nodes } = legendreRule()
    let scale = 0
    for (let axis = 0; axis < dimension; axis++) {
      const [offset, kernel] = [offsets[axis], kernels[axis]]
      let smallest = Infinity
      for (let i = 0; i < NODES; i++) {
        offset[i] = middle[axis] - x[axis] + half[axis] * nodes[i]
        kernel[i] = (offset[i] * offset[i]) / (2 * t * t)
        smallest = Math.min(smallest, kernel[i])
      }
      for (let i = 0; i < NODES; i++) kernel[i] = Math.exp(smallest - kernel[i])
      scale -= smallest
    }
    const [one, two] = kernels
    if (dimension === 1) two[0] = 1
    let [sum, sum1, sum2] = [0, 0, 0]
    for (let i = 0; i < NODES; i++) {
      let [row, row2] = [0, 0]
      for (let j = 0; j < n2; j++) {
        const term = masses[i * n2 + j] * two[j]
        row += term
        row2 += term * offsets[1][j]
      }
      sum += row * one[i]
      sum1 += row * one[i] * offsets[0][i]
      sum2 += row2 * one[i]
    }
    accumulate(scale, sum, sum1, sum2)
  }

  function addLeaf(cell: Cell): void {
    const values = cell.values as Float64Array
    let scale = 0
    for (let axis = 0; axis < dimension; axis++)
      scale -= integrals[axis].fill(cell.middle[axis] - x[axis], cell.half[axis], t)
    const [one, two] = dimension === 1 ? [integrals[0], ones] : integrals
    let [sum, sum1, sum2] = [0, 0, 0]
    for (let i = 0; i < NODES; i++) {
      let [row, row2] = [0, 0]
      for (let j = 0; j < n2; j++) {
        row += values[i * n2 + j] * two.values[j]
        row2 += values[i * n2 + j] * two.moments[j]
      }
      sum += row * one.values[i]
      sum1 += row * one.moments[i]
      sum2 += row2 * one.values[i]
    }
    const floor = FLOOR * cell.largest
    if (sum > floor * one.value * two.value) accumulate(scale, sum, sum1, sum2)
    else
      accumulate(
        scale,
        floor * one.value * two.value,
        floor * one.moment * two.value,
        floor * one.value * two.moment,
      )
  }

  function accumulate(scale: number, sum: number, sum1: number, sum2: number): void {
    if (scale > base || total === 0) {
      const factor = total === 0 ? 0 : Math.exp(base - scale)
      total *= factor
      first[0] *= factor
      first[1] *= factor
      base = scale
    }
    const factor = Math.exp(scale - base)
    total += factor * sum
    first[0] += factor * sum1
    first[1] += factor * sum2
    if (total > 0) reference = base + Math.log(total)
  }

  return (time, x1, x2, out) => {
    x[0] = x1
    x[1] = x2
    t = time
    base = 0
    reference = -Infinity
    total = 0
    first.fill(0)
    visit(root, Number.MAX_VALUE)
    out.log = reference
    for (let i = 0; i < dimension; i++) out.shift[i] = first[i] / total
  }
}
