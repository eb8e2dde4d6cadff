import { reserve } from './float64.ts'
import { axesOf, type Box, blurFurther, type Layer, nodesOf } from './gauss-layer.ts'
import { GaussTreeKernel } from './gauss-tree.ts'
import { KernelDensityKernel, type PosteriorKernel, respondInBlocks } from './kernel-density.ts'

/** From how many centres on a grid takes less time than plain sums, in 1, 2 and 3 dimensions. */
const GRID = [100, 200, 4000]

interface Ladder {
  /** Variances of a level in squares of its spacing: of its blur, and the least that it serves. */
  readonly blur: number
  readonly least: number
  /** Levels of an octave, from one spacing to its double. */
  readonly octave: number
  /** The spacing of the base from which they are made, in that of the first of them. */
  readonly base: number
  /** How far outside the box of the centres a level serves, in standard deviations. */
  readonly outside: number
  /** How much fainter than at its largest a density may be to be summed by a level, in nats: 46 is 1e-20. */
  readonly faintest: number
  /** Nodes of a level at the most. */
  readonly nodes: number
  /** What a sum over a level takes, in centres that are summed one by one. */
  readonly terms: number
}

/** By dimension. More blur and fewer levels take larger grids, and fewer or more nodes of them. */
const LADDERS: readonly Ladder[] = [
  { blur: 7.4, least: 9.7, octave: 8, base: 1, outside: 10, faintest: 46, nodes: 2 ** 12, terms: 90 },
  { blur: 7.4, least: 9.7, octave: 8, base: 1, outside: 10, faintest: 46, nodes: 2 ** 21, terms: 180 },
  { blur: 4.2, least: 6.9, octave: 8, base: 0.79, outside: 3, faintest: 20, nodes: 2 ** 22, terms: 3000 },
]
/** The blur of a base, in squares of its spacing. */
const BASE = 2.6
/** How far bases go beyond the box of the centres, in spacings: enough for the next base, which needs half of it and 8 √1.8, and for the levels. */
const BASE_OUTSIDE = 22
/** How far nodes count, in standard deviations of what they are a sum of. */
const DEVIATIONS = 8
/** Centres and nodes whose weight is below exp(−33) = 5e-15 of the faintest density are left out. */
const TRUNCATION = 33
/** Nodes of an axis at the most, and of a level for each centre. */
const AXIS = 4096
const EACH = 500
/** Numbers of a level, and bytes of the header, in src/kernels/assembly/gauss-grid/level.ts. */
const LEVEL = 16
const HEADER = 72
const LINE = 90
const REACH = 40

/**
 * The posterior over the centres of an equally weighted isotropic Gaussian mixture in 1 to 3 dimensions, as `KernelDensityKernel`, in a time that does not
 * depend on how many there are: the centres are blurred onto grids, one for every factor ∜2 in v, and a Gaussian of variance v is summed over the nodes near x
 * (docs/mathematics.md §1.8). Far outside, and where v is too small for a grid, a tree sums. The relative error of mean and sum is below 1e-12.
 */
export class GaussGridKernel implements PosteriorKernel {
  readonly terms: number
  readonly #dimension: number
  readonly #tree: GaussTreeKernel
  readonly #header: number
  readonly #records: number
  readonly #ladder: Ladder
  /** From one level to the next in variance. */
  readonly #ratio: number
  /** How far down Gaussians count in the weights of nodes. */
  readonly #nats: number
  readonly #least: number
  /** How many levels there are, and how many spacings their nodes go beyond the box of the centres. */
  readonly #count: number
  readonly #outside: number
  readonly #box: Box
  readonly #bases: Layer[] = []
  #end: number

  /**
   * @param centres [N, d] row-major, d at most 3
   * @param least the smallest variance that it will be asked for
   */
  constructor(centres: Float64Array, dimension: number, least: number) {
    const d = dimension
    const count = centres.length / d
    this.terms = Math.min(count, LADDERS[d - 1].terms)
    this.#dimension = d
    this.#tree = new GaussTreeKernel(centres, d)
    this.#box = Array.from({ length: d }, (_, i) => {
      let [low, high] = [Infinity, -Infinity]
      for (let at = i; at < centres.length; at += d) {
        low = Math.min(low, centres[at])
        high = Math.max(high, centres[at])
      }
      return { low, high }
    })
    this.#ladder = LADDERS[d - 1]
    const { blur, least: lowest, octave, outside, faintest } = this.#ladder
    this.#nats = TRUNCATION + faintest
    this.#ratio = 4 ** (1 / octave)
    // where the products of the Gaussians of a centre in the box and of an x outside may be, at either end of a level
    this.#outside = Math.ceil(
      Math.max(
        ...[lowest, lowest * this.#ratio].map(
          (v) => (outside * blur) / Math.sqrt(v) + DEVIATIONS * Math.sqrt((blur * (v - blur)) / v),
        ),
      ),
    )
    const diagonal = Math.hypot(...this.#box.map(({ low, high }) => high - low))
    this.#least = Math.max(least, this.#finest(Math.min(this.#ladder.nodes, EACH * count)))
    // from there on the root of the tree alone is summed, with few terms
    const levels = Math.max(0, Math.ceil(Math.log(diagonal ** 2 / this.#least) / Math.log(this.#ratio)))
    this.#count = Number.isFinite(levels) ? levels : 0

    const { exports: kernels, header: tree, end } = this.#tree
    const after = (place: number) => 16 * Math.ceil(place / 16)
    this.#header = after(end)
    this.#records = after(this.#header + HEADER)
    const roots = after(this.#records + 8 * LEVEL * (this.#count + 1))
    const scratch = after(roots + REACH ** 2 + 1)
    this.#end = after(scratch + 8 * 6 * LINE + 48 + 8 * (REACH + 2))
    reserve(kernels.memory, this.#end)
    const { buffer } = kernels.memory
    new Uint32Array(buffer, this.#header, 6).set([tree, this.#records, this.#count, d, roots, scratch])
    new Float64Array(buffer, this.#header + 24, 3).set([this.#least, 1 / Math.log(this.#ratio), faintest])
    new Uint8Array(buffer, roots, REACH ** 2 + 1).set(
      Uint8Array.from({ length: REACH ** 2 + 1 }, (_, square) => Math.floor(Math.sqrt(square))),
    )
  }

  respond(
    variances: number | Float64Array,
    x: Float64Array,
    each: (row: number, values: Float64Array, at: number) => void,
  ): void {
    if (typeof variances === 'number') this.#prepare(variances)
    else for (const variance of variances) this.#prepare(variance)
    const { exports: kernels, addresses: at } = this.#tree
    respondInBlocks(kernels.memory, at, this.#dimension, variances, x, each, (count) =>
      kernels.respondGrid(this.#header, at.x, at.variances, at.out, count),
    )
  }

  /** Builds the level that serves a variance, unless there is none or it is there. */
  #prepare(variance: number): void {
    const { exports: kernels } = this.#tree
    const index = kernels.levelOf(this.#header, variance)
    if (index < 0 || new Float64Array(kernels.memory.buffer, this.#record(index), 1)[0] > 0) return
    const { blur, octave } = this.#ladder
    const base = this.#base(Math.floor(index / octave))
    const level = this.#layer(this.#spacing(index), blur, this.#outside)
    blurFurther(this.#tree.exports, base, level, this.#nats, this.#end)
    this.#describe(index, level)
  }

  #record(index: number): number {
    return this.#records + 8 * LEVEL * index
  }

  #spacing(index: number): number {
    return Math.sqrt((this.#least * this.#ratio ** index) / this.#ladder.least)
  }

  /** The centres with the least blur on the grid of the first level of an octave. */
  #base(octave: number): Layer {
    const known = this.#bases[octave]
    if (known) return known
    const below = octave > 0 ? this.#base(octave - 1) : undefined
    const first = this.#spacing(octave * this.#ladder.octave)
    const base = this.#layer(this.#ladder.base * first, BASE, BASE_OUTSIDE)
    this.#bases[octave] = base
    if (below) blurFurther(this.#tree.exports, below, base, this.#nats, this.#end)
    else {
      const spare = this.#count
      this.#describe(spare, base)
      this.#tree.exports.blurCentres(
        this.#header,
        this.#record(spare),
        Math.ceil(Math.sqrt(2 * BASE * this.#nats)),
      )
    }
    return base
  }

  /** Memory for a layer whose nodes go so many spacings beyond the box of the centres. */
  #layer(spacing: number, blur: number, outside: number): Layer {
    const axes = axesOf(this.#box, spacing, outside)
    const layer = { spacing, blur: blur * spacing ** 2, axes, weights: this.#end }
    // sums may read a little further
    this.#end += 16 * Math.ceil((nodesOf(axes) + 4) / 2)
    reserve(this.#tree.exports.memory, this.#end)
    return layer
  }

  /** Writes the record of a layer. */
  #describe(index: number, { weights, blur, spacing, axes }: Layer): void {
    const { buffer } = this.#tree.exports.memory
    let most = 0
    for (const weight of new Float64Array(buffer, weights, nodesOf(axes))) if (weight > most) most = weight
    const { least, outside } = this.#ladder
    const reach = outside * Math.sqrt(least) * spacing
    const absent = 3 - this.#dimension
    new Float64Array(buffer, this.#record(index), LEVEL).set([
      ...[weights, blur, spacing, most],
      ...axes.map(({ origin }) => origin),
      ...axes.map(({ nodes }) => nodes),
      ...axes.map((_, axis) => (axis < absent ? 0 : this.#box[axis - absent].low - reach)),
      ...axes.map((_, axis) => (axis < absent ? 0 : this.#box[axis - absent].high + reach)),
    ])
  }

  /** The smallest variance whose grid has at most so many nodes. */
  #finest(most: number): number {
    let [low, high] = [0, 0]
    for (const { low: from, high: to } of this.#box) high = Math.max(high, to - from)
    if (high === 0) return Infinity
    const { least } = this.#ladder
    low = (high / AXIS) ** 2 * least
    high = high ** 2 * least
    const fits = (variance: number) => {
      const axes = axesOf(this.#box, Math.sqrt(variance / least), this.#outside)
      return axes.every(({ nodes }) => nodes <= AXIS) && nodesOf(axes) <= most
    }
    if (!fits(high)) return Infinity
    for (let k = 0; k < 60 && high / low > 1.01; k++) {
      const middle = Math.sqrt(low * high)
      if (fits(middle)) high = middle
      else low = middle
    }
    return high
  }
}

/**
 * @param centres [N, d] row-major
 * @param least the smallest variance that it will be asked for
 */
export function posteriorKernel(centres: Float64Array, dimension: number, least: number): PosteriorKernel {
  const fewest = GRID[dimension - 1]
  return fewest !== undefined && centres.length / dimension >= fewest
    ? new GaussGridKernel(centres, dimension, least)
    : new KernelDensityKernel(centres, dimension)
}
