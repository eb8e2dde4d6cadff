import { InputError } from '../errors.ts'
import { nodeCoordinates, type UniformGrid, uniformGrid } from '../numeric/uniform-grid.ts'
import type { Density } from '../problem/density.ts'
import type { NonlinearDrift, Process } from '../problem/process.ts'
import { Random } from '../random/random.ts'
import type { OuterSlopes } from './convolution.ts'
import { type Pilot, pilot } from './pilot.ts'

/** Where and how finely a density is computed. */
interface DensityGrid {
  readonly grid: UniformGrid
  readonly outer: OuterSlopes
  /** log p_data at the nodes. */
  readonly start: Float64Array
  /** How fast log p changes at t = 0, about. */
  readonly rate: number
}

const PATHS = 1000
// the box reaches from the middle of the paths this many times as far as they do: 1000 of a Gaussian go to 3.2 deviations
const MARGIN = 2.3
// nodes to a deviation of the sharpest mode, fewest and most nodes an axis, by the dimension
const FINENESS = [12, 5]
const FEWEST = [257, 64]
const MOST = [8193, 400]
// beyond the box log p falls at least as fast as this over its length
const LEAST_FALL = 10
// how far log p falls before a number is too small for p
const VANISHING = 200
// points a spacing at which a drift is looked at, and what of log p may be between the nodes
const BETWEEN = 16
const UNSEEN = 0.02
// what the sum of p_data over the grid may differ from 1
const MASS = [1e-6, 1e-4]

/**
 * A box that holds p_t for all t up to `end`, and nodes that resolve its modes, unless they are given.
 *
 * @throws InputError for a drift that carries paths away, data that do not fit, or more nodes than can be computed with
 */
export function densityGrid(
  process: Process & { readonly nonlinear: NonlinearDrift },
  density: Density,
  end: number,
): DensityGrid {
  const { dimension: d } = density
  const { nodes } = process.nonlinear.grid
  if (!density.logDensity) throw new InputError('the data', density.kind, 'data with a density')
  const found = densityBox(process, density, end)
  const { ends } = found
  const longest = Math.max(...ends.map(([low, high]) => high - low))
  const wanted = Math.ceil((longest * FINENESS[d - 1]) / found.width) + 1
  if (nodes === undefined && wanted > MOST[d - 1])
    throw new InputError(
      'the grid for p_t',
      `${wanted} nodes an axis`,
      `at most ${MOST[d - 1]}: the process spreads too far for its narrowest mode; try a shorter time or give grid.nodes`,
    )
  if (nodes !== undefined && d === 2 && nodes > 2 * MOST[1])
    throw new InputError('problem.process.grid.nodes', nodes, `at most ${2 * MOST[1]} in the plane`)
  if (nodes !== undefined && (longest / (nodes - 1)) * 1.5 > found.width)
    throw new InputError(
      'problem.process.grid.nodes',
      nodes,
      `at least ${Math.ceil((1.5 * longest) / found.width) + 1} for modes of deviation ${found.width.toPrecision(2)} in a box of ${longest.toPrecision(3)}`,
    )
  const grid = uniformGrid(
    Float64Array.from(ends, ([low]) => low),
    Float64Array.from(ends, ([, high]) => high),
    nodes ?? Math.max(FEWEST[d - 1], wanted),
  )
  checkDrift(process, grid, found.ranges, end)
  const start = new Float64Array(grid.size)
  density.logDensity(0, nodeCoordinates(grid), start)
  fillTails(grid, start, density.kind)
  checkMass(grid, start, density.kind)
  return { grid, outer: outerSlopes(grid, start), start, rate: found.rate }
}

/**
 * Looks at a drift of one formula between the nodes, where the paths go: what it differs there from a straight line changes log p by about the difference
 * times the spacing over ½σ².
 *
 * @throws InputError for a drift that changes faster than the grid is fine
 */
function checkDrift(
  { drift, diffusion, nonlinear }: Process & { readonly nonlinear: NonlinearDrift },
  { dimension: d, nodes, low, spacing }: UniformGrid,
  ranges: readonly (readonly [number, number])[],
  end: number,
): void {
  if (nonlinear.dimension !== null && d > 1) return
  for (let axis = 0; axis < d; axis++) {
    const x = Float64Array.from(
      { length: (nodes - 1) * BETWEEN + 1 },
      (_, k) => low[axis] + (k * spacing[axis]) / BETWEEN,
    )
    const b = new Float64Array(x.length)
    for (const part of [0, 0.5, 1]) {
      const t = part * end
      drift(t, x, b)
      const allowed = (UNSEEN * diffusion(t) ** 2) / 2 / spacing[axis]
      if (!(allowed > 0)) continue
      for (let k = 0; k < x.length - 1; k++) {
        const from = k - (k % BETWEEN)
        const line = b[from] + ((b[from + BETWEEN] - b[from]) * (k - from)) / BETWEEN
        if (x[k] < ranges[axis][0] || x[k] > ranges[axis][1] || !(Math.abs(b[k] - line) > allowed)) continue
        throw new InputError(
          `problem.process.drift at x = ${x[k].toPrecision(6)}`,
          b[k],
          `${line.toPrecision(4)} to within ${allowed.toPrecision(2)}, as between the nodes of the grid for p_t: a smoother drift, or more grid.nodes than ${nodes}`,
        )
      }
    }
  }
}

/**
 * A box that holds p_t for all t up to `end`, unless one is given, and what the paths of the process say.
 *
 * @throws InputError for a drift that carries paths away, and for a box that does not hold the paths
 */
export function densityBox(
  process: Process & { readonly nonlinear: NonlinearDrift },
  density: Density,
  end: number,
): Pilot & { readonly ends: readonly [number, number][] } {
  const { box } = process.nonlinear.grid
  const random = Random.stream(0, 'data that say how far a density reaches')
  if (!density.sample) throw new InputError('the data', density.kind, 'data with a density')
  const found = pilot(process, density, density.sample(PATHS, random), end)
  if (box && box.length !== density.dimension)
    throw new InputError('problem.process.grid.box', box, `${density.dimension} intervals, one a coordinate`)
  const ends = (box ?? found.ranges).map(([low, high], i): [number, number] => {
    if (!box) return widened(low, high)
    const [least, most] = found.ranges[i]
    if (low < least && high > most) return [low, high]
    throw new InputError(
      `problem.process.grid.box[${i}]`,
      [low, high],
      `a box that holds the paths of the process, which reach from ${least.toPrecision(3)} to ${most.toPrecision(3)}`,
    )
  })
  return { ...found, ends }
}

function widened(low: number, high: number): [number, number] {
  const middle = (low + high) / 2
  const half = Math.max((MARGIN * (high - low)) / 2, 1e-6)
  return [middle - half, middle + half]
}

/**
 * Where p_data is too small for a number, log p goes on linearly along the axes from where it is not.
 *
 * @throws InputError for data that end somewhere, or have no density
 */
function fillTails({ dimension: d, nodes: n, size }: UniformGrid, logs: Float64Array, kind: string): void {
  let most = -Infinity
  for (let i = 0; i < size; i++) if (logs[i] > most) most = logs[i]
  for (let axis = d - 1; axis >= 0; axis--)
    for (let line = 0; line < size / n; line++) {
      const stride = n ** (d - 1 - axis)
      const start = Math.floor(line / stride) * stride * n + (line % stride)
      const at = (i: number) => start + i * stride
      let [first, last] = [0, n - 1]
      while (first < n && logs[at(first)] === -Infinity) first++
      while (last >= 0 && logs[at(last)] === -Infinity) last--
      if (first + 1 >= last) continue
      // in the plane what was filled along the other axis may rise outwards: then it stays as it is
      const below = Math.max(0, logs[at(first + 1)] - logs[at(first)])
      const above = Math.max(0, logs[at(last - 1)] - logs[at(last)])
      const ends = [first > 0 ? logs[at(first)] : -Infinity, last < n - 1 ? logs[at(last)] : -Infinity]
      if (Math.max(...ends) > most - VANISHING)
        throw new InputError(
          'the data',
          `${kind} data with density 0 somewhere in the box of the grid`,
          'a density above 0, smooth everywhere, where the drift is not linear',
        )
      for (let i = first - 1; i >= 0; i--) logs[at(i)] = logs[at(i + 1)] - below
      for (let i = last + 1; i < n; i++) logs[at(i)] = logs[at(i - 1)] - above
    }
  for (let i = 0; i < size; i++)
    if (!Number.isFinite(logs[i]))
      throw new InputError(
        'the data',
        `${kind} data whose log-density is ${logs[i]} in the box of the grid`,
        'a density above 0, smooth everywhere, where the drift is not linear',
      )
}

/** ∫ exp(logs) by the trapezoidal rule, whose error vanishes faster than any power of the spacing for smooth densities. */
export function massOf({ spacing }: UniformGrid, logs: Float64Array): number {
  let sum = 0
  for (let i = 0; i < logs.length; i++) sum += Math.exp(logs[i])
  return spacing.reduce((product, h) => product * h, sum)
}

/** @throws InputError for data that end somewhere or have jumps, and where modes are narrower than the grid */
function checkMass(grid: UniformGrid, logs: Float64Array, kind: string): void {
  const mass = massOf(grid, logs)
  if (!(Math.abs(mass - 1) < MASS[grid.dimension - 1]))
    throw new InputError(
      'the data',
      `${kind} data whose density adds up to ${mass.toPrecision(6)} on the grid for p_t`,
      'a density that is smooth everywhere and as wide as the grid is fine, where the drift is not linear',
    )
}

/** How log p goes on beyond each side of the box: as steeply as it falls there at t = 0, in the median. */
function outerSlopes({ dimension: d, nodes: n, spacing, low, high }: UniformGrid, logs: Float64Array) {
  return Array.from({ length: d }, (_, axis): [number, number] => {
    const stride = n ** (d - 1 - axis)
    const lines = Array.from(
      { length: logs.length / n },
      (_, line) => Math.floor(line / stride) * stride * n + (line % stride),
    )
    const least = LEAST_FALL / (high[axis] - low[axis])
    const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]
    const below = median(lines.map((at) => (logs[at + stride] - logs[at]) / spacing[axis]))
    const above = median(
      lines.map((at) => (logs[at + (n - 2) * stride] - logs[at + (n - 1) * stride]) / spacing[axis]),
    )
    return [Math.max(below, least), Math.max(above, least)]
  })
}
