import { toComoving } from '../../../src/characteristics/probability-flow.ts'
import type { Method, VeMap, VeRun } from '../../../src/consistency-function.ts'
import { checkNumber } from '../../../src/errors.ts'
import { memoizeLru } from '../../../src/numeric/memoize-lru.ts'
import type { Density } from '../../../src/problem/density.ts'
import { checkDensity, checkMemory } from '../limits.ts'
import { type ForwardMapSettings, makeGrid, plannedGrid } from './make-grid.ts'
import { probes } from './probes.ts'
import { inverseNumbers, type Part, piecesAt, type Table, TIGHTEST, tableFrom } from './table.ts'

/** Trajectories that grids of given nodes are measured by, more where there are modes, of which so many are looked at, and how much more exactly they are carried. */
const PROBES = 16
const MODES = 16
const PROBED = 1e-2
/** Errors above this share of the data's scale are said. */
const POOR = 1e-3

/** Angles whose tables are kept beside the one at T. */
const KEEP = 4

/** A part of the starts that has nodes of its own. */
interface DescribedPatch {
  /** Nodes an axis. */
  readonly nodes: number
  /** The box of y(0), [d] each. */
  readonly low: readonly number[]
  readonly high: readonly number[]
}

/** How a forward-map grid came about. */
export interface ForwardMapDiagnostics {
  /** Nodes an axis, of the patch that has the most. */
  readonly nodes: number
  /** Relative tolerance of the characteristics that made the table, the tightest. */
  readonly rtol: number
  /** One around everything, or one around each narrow mode or group of them. */
  readonly patches: readonly DescribedPatch[]
  /** Points evaluated so far, and how many of them Newton's method did not find and a characteristic was traced for. */
  readonly evaluated: number
  readonly traced: number
  /** Where nodes or a tolerance of characteristics were given: what some probes say of the table at T (units of x). */
  readonly estimate: number | null
  /** When an error was asked for: what the probes say of the table at T (units of x), and whether that is enough. */
  readonly error: { readonly asked: number; readonly estimate: number; readonly reached: boolean } | null
}

/** A consistency function as the inverse of a tabulated forward map. */
export interface ForwardMap extends VeMap {
  readonly diagnostics: ForwardMapDiagnostics
}

/** The method behind `forwardMap`, with checked options: nodes, a tolerance, or neither. */
export function forwardMapMethod(options: ForwardMapSettings): Method {
  return {
    name: 'grid:forward-map',
    options: { ...options },
    target: 'map',
    random: false,
    solveVe: (density, run) => solve(density, run, options),
  }
}

async function solve(density: Density, run: VeRun, options: ForwardMapSettings): Promise<ForwardMap> {
  checkDensity(density)
  const { dimension: d, moments } = density
  const end = Math.atan2(run.time, moments.scale)
  const perNode = inverseNumbers(d) * (KEEP + 1)
  if (options.tolerance === undefined) checkMemory(plannedGrid(d, options).count, d, perNode)
  const made = await makeGrid(density, run, options, { perNode, intervals: 1 })
  const { parts, tracer, refinement } = made
  const tableAt = memoizeLru((theta: number): Table => {
    const angle = Float64Array.of(theta)
    return tableFrom(
      tracer,
      theta,
      parts.flatMap((part) => piecesAt(part, angle)),
    )
  }, KEEP)
  const nodes = Math.max(...parts.map(({ grid }) => grid.nodes))
  const rtol = Math.min(...parts.map((part) => part.rtol))
  const patches = parts.map(describePart)
  const measured = refinement
    ? null
    : measure(density, run.time, made.table, Math.max(TIGHTEST, rtol * PROBED))
  let evaluated = 0
  let traced = 0
  return {
    evaluate(t, x) {
      checkNumber('t', t, 0, run.time)
      if (t === 0) return x.slice()
      const theta = Math.atan2(t, moments.scale)
      const y = new Float64Array(x.length)
      toComoving(density, t, x, y)
      traced += (theta === end ? made.table : tableAt(theta)).invert(y)
      evaluated += y.length / d
      for (let at = 0; at < y.length; at++) y[at] = moments.mean[at % d] + moments.scale * y[at]
      return y
    },
    get functionEvaluations() {
      const carried = parts.reduce((sum, { carrier }) => sum + carrier.functionEvaluations, 0)
      return (
        made.functionEvaluations +
        (refinement?.functionEvaluations ?? 0) +
        carried +
        tracer.functionEvaluations
      )
    },
    options: { nodes, rtol },
    cause: 'It tabulates the forward map, which has no layers, so that its nodes resolve it.',
    warnings: warningsOf(made, measured, nodes, moments.scale),
    get diagnostics() {
      return {
        ...{ nodes, rtol, patches, evaluated, traced, estimate: measured },
        error: refinement && {
          asked: refinement.asked,
          estimate: refinement.estimate,
          reached: refinement.reached,
        },
      }
    },
  }
}

/** What some trajectories, carried more exactly, say of a table: a check beside the method, whose evaluations are not among its own. */
function measure(density: Density, time: number, table: Table, rtol: number): number {
  const exact = probes(density, time, rtol, 1, PROBES, MODES)
  const found = (exact.images[0] as Float64Array).slice()
  table.invert(found)
  return exact.error(exact.distances(found))
}

function warningsOf(
  { refinement }: Pick<Awaited<ReturnType<typeof makeGrid>>, 'refinement'>,
  estimate: number | null,
  nodes: number,
  scale: number,
): string[] {
  if (refinement && !refinement.reached)
    return [
      `The forward-map grid did not reach the error ${refinement.asked} asked for: it estimates its own at ${refinement.estimate.toExponential(1)}.`,
    ]
  if (estimate === null || estimate <= POOR * scale) return []
  return [
    `The forward-map grid of ${nodes} nodes an axis estimates its own error at ${estimate.toExponential(1)}, and the data have the scale ${scale.toPrecision(3)}: more nodes, or --tolerance, or neither.`,
  ]
}

/** The nodes of a part and the box of their starts. */
function describePart({ grid, starts }: Part): DescribedPatch {
  const d = grid.dimension
  const low = new Array<number>(d).fill(Infinity)
  const high = new Array<number>(d).fill(-Infinity)
  for (let at = 0; at < starts.length; at++) {
    low[at % d] = Math.min(low[at % d], starts[at])
    high[at % d] = Math.max(high[at % d], starts[at])
  }
  return { nodes: grid.nodes, low, high }
}
