import type { Method, VeMap, VeRun } from '../../../src/consistency-function.ts'
import { checkNumber } from '../../../src/errors.ts'
import type { Density } from '../../../src/problem/density.ts'
import { toComoving } from '../../characteristics/comoving.ts'
import { checkDensity, checkMemory } from '../limits.ts'
import { recent } from '../recent.ts'
import { startingBox } from './box.ts'
import { inverseNumbers } from './inverse.ts'
import { type ForwardMapSettings, makeGrid, plannedGrid } from './make-grid.ts'
import { type Table, tableFrom } from './table.ts'

/** Angles whose tables are kept beside the one at T. */
const KEEP = 4

/** How a forward-map grid came about. */
export interface ForwardMapDiagnostics {
  /** Nodes an axis. */
  readonly nodes: number
  /** Relative tolerance of the characteristics that made the table. */
  readonly rtol: number
  /** The box of y(0), [d] each. */
  readonly low: readonly number[]
  readonly high: readonly number[]
  /** Points evaluated so far, and how many of them Newton's method did not find and a characteristic was traced for. */
  readonly evaluated: number
  readonly traced: number
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
  const box = startingBox(density, run.time)
  const made = await makeGrid(density, run, box, options, { perNode, intervals: 1 })
  const { carrier, grid, rtol, refinement, nodes } = made
  const tableAt = recent((theta: number): Table => {
    const images = carrier.carry(Float64Array.of(0, theta), nodes)[1] as Float64Array
    return tableFrom(carrier, grid, theta, images)
  }, KEEP)
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
      return box.functionEvaluations + (refinement?.functionEvaluations ?? 0) + carrier.functionEvaluations
    },
    options: { nodes: grid.nodes, rtol },
    cause: 'It tabulates the forward map, which has no layers, so that its nodes resolve it.',
    warnings:
      refinement && !refinement.reached
        ? [
            `The forward-map grid did not reach the error ${refinement.asked} asked for: it estimates its own at ${refinement.estimate.toExponential(1)}.`,
          ]
        : [],
    get diagnostics() {
      return {
        nodes: grid.nodes,
        rtol,
        low: [...grid.low],
        high: [...grid.high],
        evaluated,
        traced,
        error: refinement && {
          asked: refinement.asked,
          estimate: refinement.estimate,
          reached: refinement.reached,
        },
      }
    },
  }
}
