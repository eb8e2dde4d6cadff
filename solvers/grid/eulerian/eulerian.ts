import type { Method, VeMap, VeRun } from '../../../src/consistency-function.ts'
import { checkInteger, checkNumber } from '../../../src/errors.ts'
import type { Density } from '../../../src/problem/density.ts'
import { comovingVelocity, toComoving } from '../../characteristics/comoving.ts'
import { counted } from '../counted.ts'
import { type Steepest, steepest } from '../diagnostics.ts'
import { extent } from '../extent.ts'
import { evaluateExtended } from '../interpolation/extended.ts'
import { checkDensity, checkMemory } from '../limits.ts'
import { recent } from '../recent.ts'
import type { Scheme } from '../schemes/scheme.ts'
import { cube } from '../uniform-grid.ts'
import { march } from './march.ts'
import { schedule } from './schedule.ts'

/** States kept on the way to T, from which other times are reached. */
const CHECKPOINTS = 16
/** Angles whose interpolants are kept. */
const KEEP = 4
/** The steepness up to which layers count as resolved. */
const RESOLVED = 0.25

export interface EulerianOptions {
  /** Nodes an axis. */
  readonly nodes: number
  /** The Courant number Σ_i |v_i| Δθ / h_i. */
  readonly courant: number
}

/** How an Eulerian solution came about, and whether to believe it. */
export interface EulerianDiagnostics {
  readonly nodes: number
  readonly steps: number
  /** The grid is |y_i| ≤ extent. */
  readonly extent: number
  /** max |∂f/∂y|·h / c at T: how much f changes between neighbouring nodes, in data scales. */
  readonly steepness: number
  /** Whether the layers are wider than a few cells (steepness at most ¼). Otherwise the error falls like h^0.3 to h^0.7. */
  readonly resolved: boolean
}

/** A consistency function on an Eulerian grid. */
export interface EulerianMap extends VeMap {
  /** Found when asked for, by a short run of characteristics. */
  readonly diagnostics: EulerianDiagnostics
}

/**
 * Solves f_θ + v·∇f = 0, f(0, y) = μ + c y, by an Eulerian scheme on |y_i| ≤ Y (docs/mathematics.md §2; Y covers
 * 4096 points drawn from p_t). States at 16 of the steps are kept. f at another angle is marched from the kept
 * state before it along the same steps and one shorter one, so that no value depends on what was asked before.
 */
export function eulerian(scheme: Scheme, { nodes, courant }: EulerianOptions): Method {
  return {
    name: `grid:${scheme.name}`,
    options: { nodes, cfl: courant, ...scheme.options },
    target: 'map',
    random: false,
    solveVe: (density, run) => solve(scheme, nodes, courant, density, run),
  }
}

async function solve(
  scheme: Scheme,
  nodes: number,
  courant: number,
  density: Density,
  run: VeRun,
): Promise<EulerianMap> {
  checkDensity(density)
  const { dimension: d, moments } = density
  checkInteger(`the dimension of the problem for ${scheme.name}`, d, 1, scheme.mostDimensions)
  checkMemory(nodes, d, scheme.numbers(d) + (CHECKPOINTS + 1 + 2 * KEEP) * d)
  const end = Math.atan2(run.time, moments.scale)
  const flow = counted(comovingVelocity(density), d)
  const grid = cube(d, extent(density, run.time).box, nodes)
  const thetas = schedule(flow.velocity, grid, end, courant)
  const { step, nodes: start, field } = scheme.discretise(grid, flow.velocity)
  const states = await march(step, start, thetas, CHECKPOINTS, run)
  const fieldAt = recent((theta: number) => field(states.at(theta)), KEEP)
  let slope: Steepest | undefined
  const steepnessOf = () => {
    slope ??= steepest(density, end, grid.high[0])
    return slope.slope * grid.spacing[0]
  }
  return {
    evaluate(t, x) {
      checkNumber('t', t, 0, run.time)
      if (t === 0) return x.slice()
      const theta = Math.atan2(t, moments.scale)
      const y = new Float64Array(x.length)
      toComoving(density, t, x, y)
      evaluateExtended(fieldAt(theta), y)
      for (let i = 0; i < y.length; i++) y[i] = moments.mean[i % d] + moments.scale * y[i]
      return y
    },
    get functionEvaluations() {
      return flow.evaluations + (slope?.functionEvaluations ?? 0)
    },
    get diagnostics() {
      const steepness = steepnessOf()
      return {
        nodes,
        steps: thetas.length - 1,
        extent: grid.high[0],
        steepness,
        resolved: steepness <= RESOLVED,
      }
    },
    get warnings() {
      const steepness = steepnessOf()
      if (steepness <= RESOLVED) return []
      return [
        `The layers of f are thinner than a few cells (max|∂f/∂y|·h = ${steepness.toPrecision(2)}), so that more nodes help slowly.`,
      ]
    },
  }
}
