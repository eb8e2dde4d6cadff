import { invert } from '../../../src/numeric/matrix.ts'
import { type Chart, gradedPlace, type Mark } from './chart.ts'
import { alongAxis, type Mode } from './modes.ts'
import type { Patch } from './patch.ts'

/** Standard deviations around a mode that its patch covers, by dimension: what is beyond is followed point by point. */
const REACH = [7, 5.6, 4.9]
/**
 * And up to which nodes are believed, whatever the grid: little farther than every probe counts. Beyond, a rare part far away may make the map all but flat, and
 * what the nodes are off by is magnified by its inverse.
 */
export const BELIEVED = 4
/** The dense part of a mode's nodes, in widths of the mode, and what they are apart there, by dimension. */
const DENSE = 3
const APART = [0.2, 0.3, 0.35]
/** The same of a uniform grid that is taken without looking for patches. */
const UNIFORM_REACH = 4
const UNIFORM_APART = 0.4
/** As many nodes an axis as patches may cost, as a share of those. */
const WORTH = 0.8
/** The fewest nodes an axis. */
const FEWEST = 14
/** Modes of widths within this factor may share nodes that are made for one of them. */
const ALIKE = 1.6
/** Groups of modes that are compared in pairs. */
const MOST_GROUPS = 64
/** The most marks on an axis. */
const MOST_MARKS = 128

export interface PlannedPatch {
  readonly patch: Patch
  /** Nodes an axis to begin with. */
  readonly nodes: number
}

interface Group {
  readonly modes: readonly Mode[]
  readonly axes: Float64Array
  /** [d] the box along the common axes, for questions of overlap */
  readonly planned: PlannedPatch
  readonly cost: number
  readonly low: Float64Array
  readonly high: Float64Array
}

/** Nodes an axis that a uniform grid around all modes needs to resolve the narrowest. */
function uniformNodes(modes: readonly Mode[]): number {
  const d = modes[0]?.mean.length ?? 1
  let narrowest = Infinity
  const low = new Float64Array(d).fill(Infinity)
  const high = new Float64Array(d).fill(-Infinity)
  for (const { mean, deviations } of modes) {
    narrowest = Math.min(narrowest, ...deviations)
    const reach = UNIFORM_REACH * Math.max(...deviations)
    for (let i = 0; i < d; i++) {
      low[i] = Math.min(low[i], mean[i] - reach)
      high[i] = Math.max(high[i], mean[i] + reach)
    }
  }
  return Math.max(...low.map((value, i) => (high[i] - value) / (UNIFORM_APART * narrowest)))
}

/**
 * Patches around the modes of the data: one for modes far from all others or as wide as their neighbours, one with nodes graded to each for modes
 * of different widths within reach of one another. Null where one uniform grid of `nodes` an axis does, or one that resolves the narrowest mode takes
 * hardly more.
 */
export function planPatches(modes: readonly Mode[], nodes: number): readonly PlannedPatch[] | null {
  const d = modes[0]?.mean.length ?? 1
  const needed = uniformNodes(modes)
  if (needed <= nodes) return null
  const planned = groupModes(modes, d)
  const size = planned?.reduce((sum, patch) => sum + patch.nodes ** d, 0) ?? Infinity
  return size < (WORTH * needed) ** d ? planned : null
}

/** Patches around groups of modes; null where there are too many. */
function groupModes(modes: readonly Mode[], d: number): readonly PlannedPatch[] | null {
  const boxes = modes.map((mode) => boxOf([mode], d))
  const parent = Int32Array.from(modes, (_, k) => k)
  const root = (k: number): number => {
    while (parent[k] !== k) k = parent[k] = parent[parent[k]]
    return k
  }
  for (let a = 0; a < modes.length; a++)
    for (let b = a + 1; b < modes.length; b++)
      if (overlap(boxes[a], boxes[b]) && (!alike(modes[a], modes[b]) || near(modes[a], modes[b], d)))
        parent[root(b)] = root(a)
  const sets = new Map<number, Mode[]>()
  modes.forEach((mode, k) => {
    const own = sets.get(root(k))
    if (own) own.push(mode)
    else sets.set(root(k), [mode])
  })
  if (sets.size > MOST_GROUPS) return null
  let groups = [...sets.values()].map((set) => makeGroup(set, d))
  for (;;) {
    const merged = cheapest(groups, d)
    if (!merged) break
    groups = merged
  }
  return groups.map(({ planned }) => planned)
}

/** The groups with the two of them joined whose union takes the fewest nodes beside them, if any does. */
function cheapest(groups: readonly Group[], d: number): Group[] | null {
  for (const [k, a] of groups.entries())
    for (const b of groups.slice(k + 1)) {
      if (!overlap(a, b)) continue
      const joined = makeGroup([...a.modes, ...b.modes], d)
      const alone = a.modes.length + b.modes.length
      if (joined.cost <= a.cost + b.cost && alone > 0)
        return [...groups.filter((group) => group !== a && group !== b), joined]
    }
  return null
}

function makeGroup(modes: readonly Mode[], d: number): Group {
  const axes = commonAxes(modes)
  const origin = new Float64Array(d)
  for (const { mean } of modes) for (let i = 0; i < d; i++) origin[i] += mean[i] / modes.length
  const gradings = Array.from({ length: d }, (_, j) => {
    const direction = Float64Array.from({ length: d }, (_, i) => axes[i * d + j])
    const marks: Mark[] = []
    let [low, high] = [Infinity, -Infinity]
    for (const mode of modes) {
      let at = 0
      for (let i = 0; i < d; i++) at += direction[i] * (mode.mean[i] - origin[i])
      const { deviation, width } = alongAxis(mode, direction)
      const reach = (REACH[d - 1] ?? 5) * deviation
      low = Math.min(low, at - reach)
      high = Math.max(high, at + reach)
      // a mode askew to the axes is narrow everywhere along it
      const copies = Math.min(MOST_MARKS, Math.ceil(deviation / (DENSE * width)))
      for (let c = 0; c < copies; c++)
        marks.push({
          at: at + (copies > 1 ? DENSE * deviation * ((2 * c) / (copies - 1) - 1) : 0),
          width: DENSE * width,
        })
    }
    return { marks: thinned(marks), low, high }
  })
  const chart: Chart = { origin, axes, gradings }
  const low = Float64Array.from(gradings, (grading) => gradedPlace(grading, grading.low))
  const high = Float64Array.from(gradings, (grading) => gradedPlace(grading, grading.high))
  // the dense part of a mode has the width 1 in s
  const step = (APART[d - 1] ?? 0.3) / DENSE
  const nodes = Math.max(FEWEST, Math.ceil(Math.max(...gradings.map((_, j) => high[j] - low[j])) / step) + 1)
  return {
    ...{
      modes,
      axes,
      cost: nodes ** d,
      planned: { patch: { chart, low, high, modes, reach: BELIEVED }, nodes },
    },
    ...boxOf(modes, d),
  }
}

/** Marks that say the same are one. */
function thinned(marks: readonly Mark[]): Mark[] {
  const kept: Mark[] = []
  for (const mark of [...marks].sort((a, b) => a.width - b.width)) {
    const known = kept.some(
      ({ at, width }) => Math.abs(at - mark.at) < 0.7 * width && mark.width < ALIKE * width,
    )
    if (!known) kept.push(mark)
  }
  return kept.sort((a, b) => a.at - b.at)
}

/** The axes of the mode that is least round, right-handed: the determinant of a flow is positive in no others. */
function commonAxes(modes: readonly Mode[]): Float64Array {
  const stretch = ({ deviations }: Mode) => Math.max(...deviations) / Math.min(...deviations)
  let chosen = modes[0] as Mode
  for (const mode of modes) if (stretch(mode) > stretch(chosen)) chosen = mode
  const d = chosen.mean.length
  // a round mode has no axes to follow
  if (!(stretch(chosen) > 1.01))
    return Float64Array.from({ length: d * d }, (_, at) => Number(at % (d + 1) === 0))
  const axes = chosen.axes.slice()
  if (!(invert(axes, d, new Float64Array(d * d)) > 0)) for (let at = 0; at < d * d; at += d) axes[at] *= -1
  return axes
}

interface Box {
  readonly low: Float64Array
  readonly high: Float64Array
}

/** The box around modes along the axes of y. */
function boxOf(modes: readonly Mode[], d: number): Box {
  const low = new Float64Array(d).fill(Infinity)
  const high = new Float64Array(d).fill(-Infinity)
  const direction = new Float64Array(d)
  for (const mode of modes)
    for (let i = 0; i < d; i++) {
      direction.fill(0)[i] = 1
      const reach = (REACH[d - 1] ?? 5) * alongAxis(mode, direction).deviation
      low[i] = Math.min(low[i], mode.mean[i] - reach)
      high[i] = Math.max(high[i], mode.mean[i] + reach)
    }
  return { low, high }
}

function overlap(a: Box, b: Box): boolean {
  return a.low.every((low, i) => low < b.high[i] && b.low[i] < a.high[i])
}

function alike(a: Mode, b: Mode): boolean {
  return (
    Math.max(...a.deviations) <= ALIKE * Math.min(...b.deviations) &&
    Math.max(...b.deviations) <= ALIKE * Math.min(...a.deviations)
  )
}

/** Whether two modes are so near each other that patches of their own would mostly cover the same. */
function near(a: Mode, b: Mode, d: number): boolean {
  let squares = 0
  for (let i = 0; i < d; i++) squares += (a.mean[i] - b.mean[i]) ** 2
  return Math.sqrt(squares) < 2 * Math.min(...a.deviations, ...b.deviations)
}
