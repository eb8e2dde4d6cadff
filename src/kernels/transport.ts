import { type Float64Kernels, float64Kernels, reserve } from './float64.ts'

/** A grid, its upwind derivative, and how many fields on it are needed. */
interface TransportOptions {
  readonly dimension: number
  /** Nodes an axis. */
  readonly nodes: number
  /** Nodes of the first axis, where the grid is a part of a larger one. */
  readonly rows: number
  /** [d] */
  readonly spacing: Float64Array
  /** r of WENO of order 2r − 1; 1 is the first-order difference. */
  readonly stencils: number
  /** Linear weights, candidates and smoothness indicators of WENO (solvers/grid/schemes/weno.ts); r = 1 and 3 need none. */
  readonly tables: Float64Array
  readonly stages: number
  /** Velocities that are kept. */
  readonly velocities: number
}

/** The fields that a step works on: the state f, and the point of a stage. */
type Place = 'state' | 'point'

// as in src/kernels/assembly/transport.ts
const COLUMNS = 16

/**
 * Stages of a Runge–Kutta method for f_θ = −v·∇f on a uniform grid, in float64 SIMD: the same bits as
 * the plain form in solvers/grid/schemes/line-fields.ts. In memory every component of a field is a plane, whose lines along the last
 * axis have an even length.
 */
export class TransportKernel {
  readonly #options: TransportOptions
  readonly #kernels: Float64Kernels
  /** Places of a line along the last axis, and of a plane. */
  readonly #width: number
  readonly #plane: number
  readonly #memory: ArrayBuffer
  readonly #at: Record<Place | 'tables' | 'terms' | 'scratch', number>
  readonly #stages: readonly number[]
  readonly #velocities: readonly number[]

  constructor(options: TransportOptions) {
    const { dimension: d, nodes, rows, stencils, tables, stages, velocities } = options
    this.#options = options
    const last = d === 1 ? rows : nodes
    this.#width = last + (last % 2)
    this.#plane = d === 1 ? this.#width : rows * nodes ** (d - 2) * this.#width
    this.#kernels = float64Kernels(0)
    let end = 16 * Math.ceil(this.#kernels.free() / 16)
    const place = (numbers: number) => {
      const at = end
      end += 16 * Math.ceil(numbers / 2)
      return at
    }
    const field = () => place(d * this.#plane)
    this.#at = {
      tables: place(tables.length),
      terms: place(2 * stages),
      scratch: place((Math.max(rows, nodes) + 2 * stencils + 1) * COLUMNS + 6 * stencils),
      state: field(),
      point: field(),
    }
    this.#stages = Array.from({ length: stages }, field)
    this.#velocities = Array.from({ length: velocities }, field)
    reserve(this.#kernels.memory, end)
    this.#memory = this.#kernels.memory.buffer
    this.#numbers(this.#at.tables, tables.length).set(tables)
  }

  /** Takes values, row-major, from row `row` of the first axis on. */
  load(f: Float64Array, place: Place, row = 0): void {
    this.#takeRows(this.#at[place], f, row)
  }

  /** Puts values into f, row-major, from row `row` of the first axis on, as many as f has. */
  store(f: Float64Array, place: Place, row = 0): void {
    const d = this.#options.dimension
    const along = this.#along()
    const first = row * this.#rowLength()
    for (let m = 0; m < d; m++) {
      const plane = this.#component(this.#at[place], m)
      for (let line = first, to = m; to < f.length; line += this.#width)
        for (let j = line; j < line + along && to < f.length; j++, to += d) f[to] = plane[j]
    }
  }

  /** Takes a velocity, [nodes^d, d] row-major. */
  takeVelocity(slot: number, v: Float64Array): void {
    this.#takeRows(this.#velocities[slot], v, 0)
  }

  /** Takes a velocity as d lines, `stride` apart, of nodes^d values. */
  takeVelocityLines(slot: number, lines: Float64Array, stride: number): void {
    const along = this.#along()
    for (let m = 0; m < this.#options.dimension; m++) {
      const plane = this.#component(this.#velocities[slot], m)
      for (let to = 0, from = m * stride; to < plane.length; to += this.#width, from += along)
        plane.set(lines.subarray(from, from + along), to)
    }
  }

  /** Stage `stage` = −v·∇f. */
  rate(place: Place, slot: number, stage: number): void {
    const { dimension: d, nodes, rows, spacing, stencils } = this.#options
    const bytes = 8 * this.#plane
    const { tables, scratch } = this.#at
    for (let axis = 0; axis < d; axis++) {
      const last = axis === d - 1
      const outer = axis === 0 ? 1 : rows * nodes ** (axis - 1)
      const inner = last ? 1 : nodes ** (d - 2 - axis) * this.#width
      const speed = this.#velocities[slot] + axis * bytes
      for (let m = 0; m < d; m++)
        this.#kernels.transport(
          ...([
            stencils,
            tables,
            this.#at[place] + m * bytes,
            speed,
            this.#stages[stage] + m * bytes,
          ] as const),
          ...([
            outer,
            axis === 0 ? rows : nodes,
            inner,
            this.#width,
            1 / spacing[axis],
            axis === 0,
            scratch,
          ] as const),
        )
    }
  }

  /** place = state + h Σ weights[k] stage k. */
  add(place: Place, h: number, weights: readonly number[]): void {
    const { terms, state } = this.#at
    const table = this.#numbers(terms, 2 * weights.length)
    let count = 0
    weights.forEach((weight, k) => {
      if (weight === 0) return
      table[2 * count] = h * weight
      table[2 * count + 1] = this.#stages[k]
      count++
    })
    this.#kernels.addStages(this.#at[place], state, terms, count, this.#options.dimension * this.#plane)
  }

  #takeRows(at: number, values: Float64Array, row: number): void {
    const d = this.#options.dimension
    const along = this.#along()
    const first = row * this.#rowLength()
    for (let m = 0; m < d; m++) {
      const plane = this.#component(at, m)
      for (let line = first, from = m; from < values.length; line += this.#width)
        for (let j = line; j < line + along && from < values.length; j++, from += d) plane[j] = values[from]
    }
  }

  /** Nodes of a line along the last axis. */
  #along(): number {
    const { dimension, nodes, rows } = this.#options
    return dimension === 1 ? rows : nodes
  }

  /** Places of a plane that belong to one node of the first axis. */
  #rowLength(): number {
    return this.#options.dimension === 1 ? 1 : this.#plane / this.#options.rows
  }

  #component(at: number, m: number): Float64Array {
    return this.#numbers(at + 8 * m * this.#plane, this.#plane)
  }

  #numbers(at: number, length: number): Float64Array {
    return new Float64Array(this.#memory, at, length)
  }
}
