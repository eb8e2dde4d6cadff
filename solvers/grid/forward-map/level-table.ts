import type { VeRun } from '../../../src/consistency-function.ts'
import { memoizeLru } from '../../../src/numeric/memoize-lru.ts'
import type { Density } from '../../../src/problem/density.ts'
import { Random } from '../../../src/random/random.ts'
import { checkDensity, checkMemory } from '../limits.ts'
import { chooseLevels } from './choose-levels.ts'
import { DEGREE, type Levels, levelAngles, levelWeights } from './levels.ts'
import { type ForwardMapSettings, makeGrid, patchesFor, plannedGrid } from './make-grid.ts'
import { modesOf } from './modes.ts'
import { type Patch, type PatchGrid, patchGrid, startingBox, startNodes } from './patch.ts'
import { drawInModes, probes } from './probes.ts'
import { TRACED } from './refine.ts'
import { inverseNumbers, makePiece, type Table, TIGHTEST, tableCarrier, tableFrom } from './table.ts'

/** The error of a table at one time, in units of x, as its probes show it. */
export interface TableError {
  readonly time: number
  readonly error: number
}

/** The nodes of one patch. */
export interface LevelPart {
  readonly patch: Patch
  /** Nodes an axis. */
  readonly nodes: number
  /** [nodes^d, d] their images at levels 1 … K */
  readonly images: readonly Float64Array[]
}

/** The forward map y(0) ↦ y(t) of a VE problem for all t in [0, T]: the images of a grid at levels of time. */
export interface LevelTable {
  readonly parts: readonly LevelPart[]
  /** Relative tolerance of the characteristics that trace points back that it does not find. */
  readonly rtol: number
  readonly levels: Levels
  /** At times between 0 and T, T the last. */
  readonly errors: readonly TableError[]
  /** The error asked for, or null. */
  readonly tolerance: number | null
  readonly functionEvaluations: number
}

/** Starts whose trajectories say how many levels there must be. */
const STARTS = 96
/** Times at which a table is measured. */
const MEASURED = 8
/** Panels of a table that is refined until it is exact enough, as far as memory is reserved for them. */
const EXPECTED = 8
/** Inverses of a table that are kept at a time. */
const KEEP = 4

/**
 * Tabulates the forward map for all times up to T.
 *
 * @throws InputError for what a grid cannot do, or a table that does not fit in memory, before it is allocated
 */
export async function levelTable(
  density: Density,
  run: VeRun,
  settings: ForwardMapSettings,
): Promise<LevelTable> {
  checkDensity(density)
  const d = density.dimension
  const perTable = inverseNumbers(d) * (KEEP + 1)
  const planned = settings.tolerance === undefined ? plannedGrid(d, settings) : null
  if (planned) checkMemory(planned.count, d, perTable + d * DEGREE)
  const around = patchesFor(density) !== null
  const starts = levelStarts(density, run.time, around)
  /** Chosen, and known to fit, before the nodes are carried wherever their number is known. */
  const choose = (nodes: number, rtol: number) => {
    const chosen = chooseLevels(density, run.time, starts.positions, rtol)
    checkMemory(nodes, d, perTable + (chosen.levels.ends.length - 1) * DEGREE * d)
    return chosen
  }
  const early = planned && choose(planned.count, planned.rtol)
  const limits = { perNode: perTable + d * DEGREE * EXPECTED, intervals: MEASURED }
  const made = await makeGrid(density, run, settings, limits)
  const rtol = Math.min(...made.parts.map((part) => part.rtol))
  const all = made.parts.reduce((sum, { grid }) => sum + grid.size, 0)
  const { levels, functionEvaluations } = early ?? choose(Math.ceil(all ** (1 / d)), rtol)
  const angles = levelAngles(levels)
  const parts = made.parts.map(({ patch, grid, carrier, starts: nodes }): LevelPart => {
    return { patch, nodes: grid.nodes, images: carrier.carry(angles, nodes).slice(1) }
  })
  const table = { parts, levels, rtol: Math.max(TIGHTEST, rtol * TRACED) }
  const exact = probes(density, run.time, Math.max(TIGHTEST, rtol * 1e-2), MEASURED)
  const evaluate = tableEvaluator(density, table)
  const errors = Array.from(exact.times, (time, k) => {
    const found = (exact.images[k] as Float64Array).slice()
    evaluate.invert(time, found)
    return { time, error: exact.error(exact.distances(found)) }
  })
  const carried = made.parts.reduce((sum, { carrier }) => sum + carrier.functionEvaluations, 0)
  return {
    ...{ ...table, errors, tolerance: settings.tolerance ?? null },
    functionEvaluations:
      starts.functionEvaluations +
      made.functionEvaluations +
      (made.refinement?.functionEvaluations ?? 0) +
      made.tracer.functionEvaluations +
      carried +
      functionEvaluations +
      exact.functionEvaluations,
  }
}

/** Finds the starts of points at any time of a table. */
export function tableEvaluator(
  density: Density,
  { parts, rtol, levels }: Pick<LevelTable, 'parts' | 'rtol' | 'levels'>,
) {
  const carrier = tableCarrier(density, rtol)
  const grids = parts.map(({ patch, nodes }) => patchGrid(patch, nodes))
  const starts = grids.map(startNodes)
  const tableAt = memoizeLru((t: number): Table => {
    const theta = Math.atan2(t, density.moments.scale)
    const { first, weights } = levelWeights(levels, theta)
    const pieces = parts.map(({ images }, part) => {
      const start = starts[part] as Float64Array
      const at = new Float64Array(start.length)
      for (const [k, weight] of weights.entries()) {
        const level = first + k === 0 ? start : images[first + k - 1]
        if (weight !== 0) for (let i = 0; i < at.length; i++) at[i] += weight * level[i]
      }
      return makePiece(grids[part] as PatchGrid, at)
    })
    return tableFrom(carrier, theta, pieces)
  }, KEEP)
  return {
    /** Replaces the rows of y at time t > 0 by their starts; returns how many were traced back one by one. */
    invert: (t: number, y: Float64Array): number => tableAt(t).invert(y),
    get functionEvaluations() {
      return carrier.functionEvaluations
    },
  }
}

/** Starts of what the nodes stand for: in every mode where patches are around modes, all over the box otherwise. */
function levelStarts(density: Density, time: number, around: boolean) {
  const random = Random.stream(0, 'the levels of a table')
  const modes = around ? modesOf(density) : null
  if (modes) return { positions: drawInModes(modes, STARTS, random).starts, functionEvaluations: 0 }
  const { low, high, functionEvaluations } = startingBox(density, time)
  const d = density.dimension
  const positions = Float64Array.from({ length: STARTS * d }, (_, i) => {
    return low[i % d] + random.uniform() * (high[i % d] - low[i % d])
  })
  return { positions, functionEvaluations }
}
