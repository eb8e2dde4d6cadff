import { InputError } from '../../../errors.ts'
import { interpolation, legendreRule, NODES } from './legendre.ts'
import type { Field } from './peaks.ts'
import { type Box, checkValue, type Place, type Unnormalised } from './support.ts'
import { across, crossings } from './walls.ts'

/**
 * A box of a binary tree. Its masses at the Gauss–Legendre nodes stand for the density in it: Σ masses · g(nodes) is
 * ∫ q g for every g that is a polynomial of degree 15 in the box, and for a smooth g to rounding.
 */
export interface Cell {
  /** Middle and half width along each axis; the second axis of a line is the single point 0. */
  readonly middle: readonly [number, number]
  readonly half: readonly [number, number]
  /** [n1, n2] row-major: masses at the nodes, 1 in all over the root. */
  readonly masses: Float64Array
  readonly mass: number
  readonly logMass: number
  /** The largest value of the density at a node. */
  readonly largest: number
  /** The axis that the children divide. */
  readonly axis: 0 | 1
  readonly children: readonly [Cell | null, Cell | null] | null
  /** Leaves only: the density at the nodes. */
  readonly values: Float64Array | null
}

// what is left of the polynomial series, relative to the largest value in the cell, and to that of all
const RELATIVE = [1e-14, 1e-12]
const ABSOLUTE = [1e-28, 1e-18]
// every axis is halved this often before anything is trusted
const FIRST_HALVINGS = [6, 3]
const MOST_CELLS = [4000, 8000]
// and so that long formulas end in seconds too: parts of the formula times its evaluations
const MOST_WORK = 4e8
const NARROWEST = 1e-15
const NOTHING = 1e-24
// what the polynomial of a cell may differ from the density by at points that it was not made from, relative to the largest value in the cell
const BETWEEN = 1e-10
// of the largest value of all: what walls are looked at, and to how much
const FAINT = 1e-9
// such points in every cell, besides the places that are given
const CHECKS = [-0.93, -0.37, 0.11, 0.71]

/**
 * Divides the box until the density is a polynomial of degree 15 in every cell, to rounding, and sums up from the leaves. A cell is a leaf when
 * its polynomial series has ended, and it has the values of the density at points between the nodes and at the places given.
 *
 * @param places where there may be narrow peaks
 * @param fields in the plane the parts of the formula, whose zeros may be narrow walls
 * @param parts how many parts the formula has, which an evaluation costs
 * @throws InputError when that takes too many cells
 */
export function buildTree(
  q: Unnormalised,
  box: Box,
  text: string,
  parts: number,
  places: readonly Place[],
  fields: readonly Field[],
): Cell {
  const d = box.length
  const name = 'problem.data.density'
  const n2 = d === 1 ? 1 : NODES
  const { nodes } = legendreRule()
  const checks = CHECKS.map((x) => ({ x, rule: interpolation(x).value }))
  const most = Math.min(MOST_CELLS[d - 1], Math.floor(MOST_WORK / (parts * NODES * n2)))
  const inside = places.filter((place) => place.every((x, i) => x >= box[i][0] && x <= box[i][1]))
  const known: Known[] = inside.map((place) => ({ place, value: valueAt(place) }))
  let count = 0
  let largest = known.reduce((most, { value }) => Math.max(most, value), 0)

  function valueAt(place: Place): number {
    return checkValue(q(place[0], place[1] ?? 0), place, name)
  }

  function relative(half: readonly [number, number], axis: 0 | 1): number {
    return half[axis] / (box[axis][1] - box[axis][0])
  }

  /** Whether the polynomial through the nodes is the density between them and at the places known. */
  function holds(
    { middle, half, values }: Pick<Draft, 'middle' | 'half'> & { readonly values: Float64Array },
    own: readonly Known[],
    allowed: number,
  ): boolean {
    const agrees = (place: Place, value: number, rules: readonly Float64Array[]) => {
      let sum = 0
      for (let i = 0; i < NODES; i++)
        for (let j = 0; j < n2; j++) sum += values[i * n2 + j] * rules[0][i] * (d === 1 ? 1 : rules[1][j])
      return Math.abs(sum - (Number.isNaN(value) ? valueAt(place) : value)) <= allowed
    }
    return (
      checks.every(({ x, rule }, k) => {
        const other = checks[(k + 1) % checks.length]
        const place =
          d === 1 ? [middle[0] + half[0] * x] : [middle[0] + half[0] * x, middle[1] + half[1] * other.x]
        return agrees(place, Number.NaN, [rule, other.rule])
      }) &&
      own.every(({ place, value }) =>
        agrees(
          place,
          value,
          place.map((x, i) => interpolation((x - middle[i]) / half[i]).value),
        ),
      )
    )
  }

  function divide(
    low: readonly [number, number],
    high: readonly [number, number],
    depth: number,
    given: readonly Known[],
  ): Draft | null {
    const half: [number, number] = [(high[0] - low[0]) / 2, (high[1] - low[1]) / 2]
    const middle: [number, number] = [low[0] + half[0], low[1] + half[1]]
    const own = given.filter(({ place }) => place.every((x, i) => x >= low[i] && x <= high[i]))
    const first = depth < d * FIRST_HALVINGS[d - 1]
    let axis: 0 | 1 = d === 2 && depth % 2 === 1 ? 1 : 0
    if (!first) {
      count++
      if (count > most)
        throw new InputError(name, text, `a smoother density: ${most} cells do not resolve it`)
      const values = new Float64Array(NODES * n2)
      let top = 0
      for (let i = 0; i < NODES; i++)
        for (let j = 0; j < n2; j++) {
          const x1 = middle[0] + half[0] * nodes[i]
          const x2 = d === 1 ? 0 : middle[1] + half[1] * nodes[j]
          const value = checkValue(q(x1, x2), d === 1 ? [x1] : [x1, x2], name)
          values[i * n2 + j] = value
          top = Math.max(top, value)
        }
      largest = Math.max(largest, top)
      const walls = crossings(fields, middle, half)
        .map(({ place, axis }) => ({ place, axis, value: valueAt(place) }))
        .filter(({ value }) => value > FAINT * largest)
      for (const { value } of [...own, ...walls]) top = Math.max(top, value)
      if (top <= NOTHING * largest) return null
      const allowed = Math.max(RELATIVE[d - 1] * top, ABSOLUTE[d - 1] * largest)
      const rest = [remainder(values, 0, n2), d === 2 ? remainder(values, 1, n2) : 0]
      axis = rest[1] > rest[0] ? 1 : 0
      // where the nodes see nothing of a wall the side that crosses it is halved, of a peak the longer one
      if (d === 2 && Math.max(...rest) <= allowed)
        axis = across(walls, top) ?? (relative(half, 1) > relative(half, 0) ? 1 : 0)
      const narrow = relative(half, axis) < NARROWEST
      // the coordinates are rounded too: beyond this the remainder is noise
      const noise = ((4 * Number.EPSILON * Math.abs(middle[axis])) / half[axis]) * top
      const within = BETWEEN * Math.max(top, NOTHING * largest) + 64 * noise
      if (
        narrow ||
        (rest[axis] <= Math.max(allowed, noise) &&
          holds({ middle, half, values }, own, within) &&
          holds({ middle, half, values }, walls, Math.max(within, FAINT * largest)))
      )
        return { middle, half, axis, values, children: null }
    }
    const between: [number, number] = axis === 0 ? [middle[0], high[1]] : [high[0], middle[1]]
    const from: [number, number] = axis === 0 ? [middle[0], low[1]] : [low[0], middle[1]]
    const children: [Draft | null, Draft | null] = [
      divide(low, between, depth + 1, own),
      divide(from, high, depth + 1, own),
    ]
    return children[0] || children[1] ? { middle, half, axis, values: null, children } : null
  }

  const [first, second = [0, 0]] = box
  const draft = divide([first[0], second[0]], [first[1], second[1]], 0, known)
  if (!draft) throw new InputError(name, text, 'a density that is positive somewhere')
  return finish(draft, 1 / integral(draft, n2), n2)
}

/** A place and the density there. */
interface Known {
  readonly place: Place
  readonly value: number
}

interface Draft extends Pick<Cell, 'middle' | 'half' | 'axis' | 'values'> {
  readonly children: readonly [Draft | null, Draft | null] | null
}

/** The size of the last two terms of the Legendre series along an axis, the largest over all lines of nodes. */
function remainder(values: Float64Array, axis: 0 | 1, n2: number): number {
  const { coefficients } = legendreRule()
  const [step, lines, across] = axis === 0 ? [n2, n2, 1] : [1, NODES, n2]
  let largest = 0
  for (let line = 0; line < lines; line++)
    for (let k = NODES - 2; k < NODES; k++) {
      let sum = 0
      for (let p = 0; p < NODES; p++) sum += coefficients[k][p] * values[line * across + p * step]
      largest = Math.max(largest, Math.abs(sum))
    }
  return largest
}

/** The measure of one node of a cell, without the density. */
function nodeMeasure(half: readonly [number, number], i: number, j: number, n2: number): number {
  const { weights } = legendreRule()
  return weights[i] * half[0] * (n2 === 1 ? 1 : weights[j] * half[1])
}

function integral(cell: Draft, n2: number): number {
  if (!cell.values)
    return (cell.children ?? []).reduce((sum, child) => sum + (child ? integral(child, n2) : 0), 0)
  return cell.values.reduce(
    (sum, value, k) => sum + value * nodeMeasure(cell.half, Math.floor(k / n2), k % n2, n2),
    0,
  )
}

/** Normalises, and sums the masses of the leaves up to the root. */
function finish(draft: Draft, factor: number, n2: number): Cell {
  const { middle, half, axis } = draft
  if (draft.values) {
    const values = draft.values.map((value) => value * factor)
    const masses = values.map((value, k) => value * nodeMeasure(half, Math.floor(k / n2), k % n2, n2))
    return { ...summary(masses, Math.max(...values)), middle, half, axis, children: null, values }
  }
  const [left, right] = draft.children ?? [null, null]
  const children = [left && finish(left, factor, n2), right && finish(right, factor, n2)] as const
  return parentCell({ middle, half, axis }, children, n2)
}

/** The cell of two children, whose masses are summed up at its nodes. */
export function parentCell(
  { middle, half, axis }: Pick<Cell, 'middle' | 'half' | 'axis'>,
  children: readonly [Cell | null, Cell | null],
  n2: number,
): Cell {
  const masses = new Float64Array(NODES * n2)
  children.forEach((child, side) => {
    if (child) addUp(child.masses, legendreRule().halves[side], axis, n2, masses)
  })
  const largest = Math.max(...children.map((child) => child?.largest ?? 0))
  return { ...summary(masses, largest), middle, half, axis, children, values: null }
}

/** The child's masses at the parent's nodes: the transpose of interpolation from the parent's nodes to the child's. */
function addUp(
  child: Float64Array,
  half: readonly Float64Array[],
  axis: 0 | 1,
  n2: number,
  out: Float64Array,
) {
  const [step, lines, across] = axis === 0 ? [n2, n2, 1] : [1, NODES, n2]
  for (let line = 0; line < lines; line++)
    for (let i = 0; i < NODES; i++) {
      const mass = child[line * across + i * step]
      for (let p = 0; p < NODES; p++) out[line * across + p * step] += mass * half[i][p]
    }
}

function summary(masses: Float64Array, largest: number) {
  const mass = masses.reduce((sum, value) => sum + value, 0)
  return { masses, mass, logMass: Math.log(mass), largest }
}
