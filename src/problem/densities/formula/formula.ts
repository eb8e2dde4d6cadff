import { InputError } from '../../../errors.ts'
import { compileVector } from '../../../expression/closure.ts'
import { formulaParts, usedSymbols } from '../../../expression/expression.ts'
import { foldedShift } from '../../../expression/shift.ts'
import type { Moments } from '../../../numeric/moments.ts'
import { pointMoments } from '../../../numeric/moments.ts'
import type { Random } from '../../../random/random.ts'
import type { FormulaSpec } from '../../../specification/data.ts'
import type { Density, Times } from '../../density.ts'
import { cumulative } from '../weights.ts'
import { convolution, type Diffused } from './convolution.ts'
import { interpolation, legendreRule, NODES } from './legendre.ts'
import { fieldsOf, peakPlaces, withShoulders } from './peaks.ts'
import { peakStrata } from './strata.ts'
import { type Box, checkBox, findBox, grid, type Unnormalised } from './support.ts'
import { buildTree, type Cell } from './tree.ts'

/** A density given by a formula, unnormalised, in one or two dimensions. */
export interface FormulaDensity extends Density {
  /** The formula as it is. */
  readonly unnormalised: Unnormalised
  readonly box: Box
  /** Cells in which the density is a polynomial, from below to above on the line. */
  readonly leaves: readonly Cell[]
  readonly root: Cell
}

// below this part of the box a time is no time: the kernel is narrower than the digits of the coordinates
const SMALLEST_TIME = 1e-13
// what the second moment beyond the box may be, relative to all
const TAIL = 1e-9
// the density between the nodes of a cell is at most this times that at the nodes
const ABOVE_NODES = 1.3
// how wide a box may be: variances beyond are 0, or more than the moments of other data may be
const NARROWEST = 1e-150
const WIDEST = 1e75

/**
 * The density of a `formula` problem file: a formula q ≥ 0 of x, or of x1 and x2. It is divided into cells in which it is
 * a polynomial to rounding, and p_t is their convolution with the Gaussian. Cut off where q is below 1e-20 of its largest
 * value.
 *
 * @throws InputError when the formula cannot be read, is negative, cannot be normalised, or needs too many cells
 */
export function formula(spec: FormulaSpec): FormulaDensity {
  const { unnormalised, dimension: d, box, parts, places, fields } = readFormula(spec)
  const root = buildTree(unnormalised, box, spec.density, parts, places, fields)
  const leaves = collectLeaves(root)
  const evaluate = convolution(root, d)
  const found: Diffused = { log: 0, shift: new Float64Array(d) }
  const n2 = d === 1 ? 1 : NODES
  const size = box.reduce((most, [low, high]) => Math.max(most, high - low), 0)
  const moments = formulaMoments(leaves, d, n2)
  const total = totalOf(unnormalised, leaves, n2)
  if (!spec.box) checkTails(unnormalised, box, total, moments, spec.density)
  const logNormaliser = Math.log(total)
  const sums = cumulative(Float64Array.from(leaves, ({ mass }) => mass))

  const second = (x: Float64Array, start: number) => (d === 1 ? 0 : x[start + 1])

  /** Fills `found` for the row at `start`; false where t is 0. */
  function respond(t: number, x: Float64Array, start: number): boolean {
    if (t <= SMALLEST_TIME * size) return false
    evaluate(t, x[start], second(x, start), found)
    return true
  }

  function score(t: Times, x: Float64Array, out: Float64Array): void {
    for (let start = 0, row = 0; start < x.length; start += d, row++) {
      const time = typeof t === 'number' ? t : t[row]
      if (respond(time, x, start)) for (let i = 0; i < d; i++) out[start + i] = found.shift[i] / (time * time)
      else slope(x, start, out)
    }
  }

  function denoiser(t: Times, x: Float64Array, out: Float64Array): void {
    for (let start = 0, row = 0; start < x.length; start += d, row++) {
      const moved = respond(typeof t === 'number' ? t : t[row], x, start)
      for (let i = 0; i < d; i++) out[start + i] = x[start + i] + (moved ? found.shift[i] : 0)
    }
  }

  function logDensity(t: Times, x: Float64Array, out: Float64Array): void {
    for (let start = 0, row = 0; start < x.length; start += d, row++) {
      const time = typeof t === 'number' ? t : t[row]
      out[row] = respond(time, x, start)
        ? found.log - (d / 2) * Math.log(2 * Math.PI * time * time)
        : Math.log(unnormalised(x[start], second(x, start))) - logNormaliser
    }
  }

  /** ∇ log q by the polynomial of the cell; outside the box that at its nearest point, and 0 where q is 0. */
  function slope(x: Float64Array, start: number, out: Float64Array): void {
    const at = box.map(([low, high], i) => Math.min(high, Math.max(low, x[start + i])))
    const leaf = leafAt(root, at)
    for (let i = 0; i < d; i++) out[start + i] = 0
    if (!leaf?.values) return
    const { values, middle, half } = leaf
    const rules = at.map((value, i) => interpolation((value - middle[i]) / half[i]))
    let sum = 0
    const slopes = [0, 0]
    for (let i = 0; i < NODES; i++)
      for (let j = 0; j < n2; j++) {
        const value = values[i * n2 + j]
        const across = d === 1 ? 1 : rules[1].value[j]
        sum += value * rules[0].value[i] * across
        slopes[0] += value * rules[0].slope[i] * across
        if (d === 2) slopes[1] += value * rules[0].value[i] * rules[1].slope[j]
      }
    if (sum > 0) for (let i = 0; i < d; i++) out[start + i] = slopes[i] / (half[i] * sum)
  }

  /** A row from a cell, by rejection from the uniform law in it. */
  function drawIn(leaf: Cell, random: Random, x: Float64Array, start: number): void {
    const { middle, half } = leaf
    const most = ABOVE_NODES * leaf.largest * total
    do {
      for (let i = 0; i < d; i++) x[start + i] = middle[i] + half[i] * (2 * random.uniform() - 1)
    } while (random.uniform() * most > unnormalised(x[start], second(x, start)))
  }

  function sample(count: number, random: Random): Float64Array {
    const x = new Float64Array(count * d)
    for (let start = 0; start < x.length; start += d)
      drawIn(leaves[random.categorical(sums)], random, x, start)
    return x
  }

  const inBox = (place: readonly number[]) =>
    box.every(([low, high], i) => place[i] >= low && place[i] <= high) ? leafAt(root, place) : null
  const strata = peakStrata({ root, leaves, moments }, inBox, (x, out) => logDensity(0, x, out), drawIn)

  return {
    kind: 'formula',
    dimension: d,
    moments,
    unnormalised,
    box,
    leaves,
    root,
    support: box.map((_, i): [number, number] => [
      leaves.reduce((low, { middle, half }) => Math.min(low, middle[i] - half[i]), Infinity),
      leaves.reduce((high, { middle, half }) => Math.max(high, middle[i] + half[i]), -Infinity),
    ]),
    atomic: false,
    score,
    denoiser,
    logDensity,
    sample,
    ...(strata && { strata }),
  }
}

function readFormula(spec: FormulaSpec) {
  const name = 'problem.data.density'
  const formulas = formulaParts(spec.density, name)
  if (formulas.length !== 1) throw new InputError(name, spec.density, 'one formula')
  const used = usedSymbols(formulas)
  const symbols = used.has('x1') || used.has('x2') ? ['x1', 'x2'] : ['x']
  const dimension = symbols.length
  const compiled = compileVector(formulas[0], symbols, name)
  let parts = 0
  formulas[0].traverse(() => {
    parts++
  })
  const values = new Float64Array(dimension)
  const unnormalised: Unnormalised = (x1, x2) => {
    values[0] = x1
    if (dimension === 2) values[1] = x2
    return compiled(values)
  }
  const places = (axes: readonly Float64Array[]) =>
    withShoulders(unnormalised, peakPlaces(formulas[0], symbols, axes, name), longest(axes))
  const fields = dimension === 2 ? fieldsOf(formulas[0], symbols, name) : []
  const read = (box: Box) => ({ unnormalised, dimension, box, parts, places: places(grid(box)), fields })
  if (!spec.box) return read(findBox(unnormalised, dimension, spec.density, places))
  if (spec.box.length !== dimension)
    throw new InputError('problem.data.box', spec.box, `${dimension} intervals, one a coordinate`)
  spec.box.forEach(([low, high], i) => {
    if (low >= high) throw new InputError(`problem.data.box[${i}]`, [low, high], 'a lower and a higher end')
    const width = high - low
    if (!(width >= NARROWEST && width <= WIDEST))
      throw new InputError(`problem.data.box[${i}]`, [low, high], `ends from ${NARROWEST} to ${WIDEST} apart`)
  })
  return read(checkBox(unnormalised, spec.box, spec.density, places))
}

function longest(axes: readonly Float64Array[]): number {
  return Math.max(...axes.map((axis) => axis[axis.length - 1] - axis[0]))
}

function collectLeaves(cell: Cell): Cell[] {
  return cell.children ? cell.children.flatMap((child) => (child ? collectLeaves(child) : [])) : [cell]
}

function leafAt(cell: Cell, at: readonly number[]): Cell | null {
  if (!cell.children) return cell
  const { axis, middle } = cell
  const child = cell.children[at[axis] > middle[axis] ? 1 : 0]
  return child && leafAt(child, at)
}

function formulaMoments(leaves: readonly Cell[], d: number, n2: number) {
  const { nodes } = legendreRule()
  const size = NODES * n2
  const x = new Float64Array(leaves.length * size * d)
  const masses = new Float64Array(leaves.length * size)
  leaves.forEach(({ middle, half, masses: own }, l) => {
    masses.set(own, l * size)
    for (let k = 0; k < size; k++) {
      const place = [Math.floor(k / n2), k % n2]
      for (let i = 0; i < d; i++) x[(l * size + k) * d + i] = middle[i] + half[i] * nodes[place[i]]
    }
  })
  return pointMoments(x, d, masses)
}

/** ∫ q: the formula at one node over the normalised value there, at the node where it is largest. */
function totalOf(unnormalised: Unnormalised, leaves: readonly Cell[], n2: number): number {
  const { nodes } = legendreRule()
  let [largest, total] = [0, 1]
  for (const { values, middle, half } of leaves)
    values?.forEach((value, k) => {
      if (value <= largest) return
      largest = value
      const second = n2 === 1 ? 0 : middle[1] + half[1] * nodes[k % n2]
      total = unnormalised(middle[0] + half[0] * nodes[Math.floor(k / n2)], second) / value
    })
  return total
}

/** Refuses a density on the line whose second moment is not inside the box that was found for it. */
function checkTails(
  q: Unnormalised,
  [first, second]: Box,
  total: number,
  { mean, trace }: Moments,
  text: string,
) {
  if (!first || second) return
  for (const end of first)
    if (Math.abs(end - mean[0]) ** 3 * q(end, 0) > TAIL * total * trace)
      throw new InputError('problem.data.density', text, 'a density that falls off faster, or a box')
}

/** The same data about a centre. */
export function formulaAbout(data: FormulaSpec, centre: Float64Array): FormulaSpec {
  const shifted = data.box?.map(([low, high], i): [number, number] => [low - centre[i], high - centre[i]])
  return {
    ...data,
    density: foldedShift(data.density, centre.length === 1 ? ['x'] : ['x1', 'x2'], centre),
    ...(shifted && { box: shifted }),
  }
}
