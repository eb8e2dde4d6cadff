import type { Moments } from '../../../numeric/moments.ts'
import type { Random } from '../../../random/random.ts'
import type { Strata } from '../../density.ts'
import { cumulative } from '../weights.ts'
import { convolution, type Diffused } from './convolution.ts'
import { legendreRule, NODES } from './legendre.ts'
import { type Cell, parentCell } from './tree.ts'

/** A peak is one of its own where the density falls to this part of it before it rises to a higher one. */
const VALLEY = 0.9
/** Peaks of less mass are no parts: of the tails of a formula there may be any number. */
const LEAST_MASS = 1e-12
/** How far beyond its faces a cell looks for its neighbours, in parts of its half width. */
const BEYOND = 1e-6
/** And where on them, from −1 to 1: the cells there may be smaller. */
const PLACES = [-0.75, 0, 0.75]

/**
 * The peaks of a density in cells, each with the cells that lead up to it: cells are taken from the highest down, and what meets at one of them
 * is one peak unless both have risen well above it (a watershed by persistence; Edelsbrunner & Harer, Computational Topology, ch. VII).
 *
 * @param at the cell that holds a place, null where there is none
 * @returns the number of the peak of each leaf, from 0
 */
export function peaksOf(
  leaves: readonly Cell[],
  dimension: number,
  at: (place: readonly number[]) => Cell | null,
): Int32Array {
  const index = new Map(leaves.map((leaf, k) => [leaf, k]))
  const neighbours = leaves.map((): Set<number> => new Set())
  for (const [k, { middle, half }] of leaves.entries())
    for (let axis = 0; axis < dimension; axis++)
      for (const side of [-1, 1])
        for (const along of dimension === 1 ? [0] : PLACES) {
          const place = middle.map((value, i) => {
            return value + half[i] * (i === axis ? side * (1 + BEYOND) : along)
          })
          const other = index.get(at(place) as Cell)
          if (other === undefined || other === k) continue
          neighbours[k].add(other)
          neighbours[other].add(k)
        }
  const parent = Int32Array.from(leaves, (_, k) => k)
  const root = (k: number): number => {
    while (parent[k] !== k) k = parent[k] = parent[parent[k]]
    return k
  }
  // of the roots: the largest density, and the mass so far
  const top = leaves.map(({ largest }) => largest)
  const mass = leaves.map((leaf) => leaf.mass)
  const join = (lower: number, higher: number) => {
    parent[lower] = higher
    mass[higher] += mass[lower]
  }
  const order = [...leaves.keys()].sort((a, b) => top[b] - top[a])
  const seen = new Uint8Array(leaves.length)
  for (const k of order) {
    seen[k] = 1
    const level = leaves[k].largest
    const around = [...new Set([...neighbours[k]].filter((other) => seen[other] === 1).map(root))].sort(
      (a, b) => top[b] - top[a],
    )
    const [highest] = around
    if (highest === undefined) continue
    join(k, highest)
    for (const lower of around.slice(1))
      if (level > VALLEY * top[lower] || mass[lower] < LEAST_MASS) join(lower, highest)
  }
  const numbers = new Map<number, number>()
  return Int32Array.from(leaves, (_, k) => {
    const own = root(k)
    const known = numbers.get(own) ?? numbers.size
    numbers.set(own, known)
    return known
  })
}

/**
 * The peaks of a density in cells as parts that samples can be drawn from on purpose (docs/mathematics.md §5.6).
 *
 * @param at the cell that holds a place
 * @param draw a row from one of these leaves, to be written at `start`
 * @returns undefined for a single peak
 */
export function peakStrata(
  {
    root,
    leaves,
    moments,
  }: { readonly root: Cell; readonly leaves: readonly Cell[]; readonly moments: Moments },
  at: (place: readonly number[]) => Cell | null,
  logDensity: (x: Float64Array, out: Float64Array) => void,
  draw: (leaf: Cell, random: Random, x: Float64Array, start: number) => void,
): Strata | undefined {
  const d = moments.mean.length
  const peaks = peaksOf(leaves, d, at)
  const count = Math.max(...peaks) + 1
  if (count === 1) return undefined
  const peakOf = new Map(leaves.map((leaf, k) => [leaf, peaks[k]]))
  const own = Array.from({ length: count }, (_, peak) => leaves.filter((_, k) => peaks[k] === peak))
  const masses = Float64Array.from(own, (cells) => cells.reduce((sum, { mass }) => sum + mass, 0))
  const sums = own.map((cells) => cumulative(Float64Array.from(cells, ({ mass }) => mass)))
  const spreads = Float64Array.from(own, (cells) => {
    return cells.reduce((sum, cell) => sum + secondMoment(cell, moments.mean), 0) / moments.trace
  })
  /** For the shares that were asked for last. */
  let known: { readonly shares: Float64Array; readonly diffused: ReturnType<typeof convolution> } | null =
    null
  function diffusedFor(shares: Float64Array) {
    if (known?.shares.every((share, k) => share === shares[k])) return known.diffused
    const factor = (leaf: Cell) => {
      const peak = peakOf.get(leaf) as number
      return shares[peak] / masses[peak]
    }
    known = { shares: shares.slice(), diffused: convolution(weighted(root, factor, d), d) }
    return known.diffused
  }
  const found: Diffused = { log: 0, shift: new Float64Array(d) }
  return {
    name: 'peaks of the formula',
    masses,
    spreads,
    whole: true,
    draw(labels, random) {
      const x = new Float64Array(labels.length * d)
      for (const [row, label] of labels.entries()) {
        const cells = own[label]
        draw(cells[random.categorical(sums[label])], random, x, row * d)
      }
      return x
    },
    logDensity(shares, t, x, out) {
      if (typeof t === 'number' && t > 0) {
        const diffused = diffusedFor(shares)
        for (let row = 0; row < out.length; row++) {
          diffused(t, x[row * d], d === 1 ? 0 : x[row * d + 1], found)
          out[row] = found.log - (d / 2) * Math.log(2 * Math.PI * t * t)
        }
        return
      }
      logDensity(x, out)
      for (let row = 0; row < out.length; row++) {
        const leaf = at(Array.from(x.subarray(row * d, (row + 1) * d)))
        const peak = leaf && peakOf.get(leaf)
        if (peak !== undefined && peak !== null) out[row] += Math.log(shares[peak] / masses[peak])
      }
    },
  }
}

/** The part of E|X₀ − EX₀|² that a cell holds. */
function secondMoment({ masses, middle, half }: Cell, mean: Float64Array): number {
  const { nodes } = legendreRule()
  const n2 = mean.length === 1 ? 1 : NODES
  let sum = 0
  for (const [k, mass] of masses.entries()) {
    const at = [Math.floor(k / n2), k % n2]
    for (const [i, centre] of mean.entries()) sum += mass * (middle[i] + half[i] * nodes[at[i]] - centre) ** 2
  }
  return sum
}

/** A tree with the density of each leaf times a factor: its masses are summed up to the root anew. */
export function weighted(cell: Cell, factor: (leaf: Cell) => number, dimension: number): Cell {
  if (!cell.children) {
    const by = factor(cell)
    const masses = cell.masses.map((value) => value * by)
    return {
      ...cell,
      ...{ masses, mass: cell.mass * by, logMass: Math.log(cell.mass * by), largest: cell.largest * by },
      values: cell.values?.map((value) => value * by) ?? null,
    }
  }
  const children = cell.children.map((child) => child && weighted(child, factor, dimension)) as [
    Cell | null,
    Cell | null,
  ]
  return parentCell(cell, children, dimension === 1 ? 1 : NODES)
}
