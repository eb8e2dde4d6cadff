import { comovingVelocity, toComoving } from '../../../src/characteristics/probability-flow.ts'
import type { Method, VeMap, VeRun } from '../../../src/consistency-function.ts'
import { checkInteger, checkNumber } from '../../../src/errors.ts'
import { memoizeLru } from '../../../src/numeric/memoize-lru.ts'
import type { Density } from '../../../src/problem/density.ts'
import { counted } from '../counted.ts'
import { inverseNumbers } from '../forward-map/table.ts'
import { checkDensity, checkMemory } from '../limits.ts'
import type { Scheme } from '../schemes/scheme.ts'
import { slabCrew } from '../threads/slab-crew.ts'
import { march } from './march.ts'
import { type MeshSettings, movingMesh, type Steepest, uniformMesh } from './meshes.ts'

/** States kept on the way to T, from which other times are reached. */
const CHECKPOINTS = 16
/** Angles whose interpolants are kept. */
const KEEP = 4
/** The steepness up to which layers count as resolved. */
const RESOLVED = 0.25

const meshes = { uniform: uniformMesh, moving: movingMesh }

/** How nodes are distributed: at equal distances in y, or so that they move with the layers of f. */
export type MeshName = keyof typeof meshes

interface EulerianOptions extends MeshSettings {
  readonly mesh: MeshName
  /** Threads for the march to T; the bits do not depend on them. */
  readonly threads: number
}

/** How an Eulerian solution came about, and whether to believe it. */
export interface EulerianDiagnostics {
  readonly nodes: number
  readonly steps: number
  readonly mesh: MeshName
  /** The grid covers |y_i| ≤ extent. */
  readonly extent: number
  /** max |∂f/∂y|·h / c at T with the h of the place: how much f changes between neighbouring nodes, in data scales. */
  readonly steepness: number
  /** Whether the layers are wider than a few cells (steepness at most ¼). Otherwise the error falls like h^0.3 to h^0.7. */
  readonly resolved: boolean
  /** Points evaluated beyond the mesh, each of which was traced back along its own characteristic. */
  readonly traced: number
}

/** A consistency function on an Eulerian grid. */
export interface EulerianMap extends VeMap {
  /** Found when asked for, by a short run of characteristics. */
  readonly diagnostics: EulerianDiagnostics
}

/**
 * Solves f_θ + v·∇f = 0, f(0, y) = μ + c y, by an Eulerian scheme on |y_i| ≤ Y (docs/mathematics.md §2). States at 16 of the steps are kept. f at another angle is marched from the kept
 * state before it along the same steps and one shorter one, so that no value depends on what was asked before.
 */
export function eulerian(scheme: Scheme, settings: EulerianOptions): Method {
  const { nodes, courant, mesh } = settings
  return {
    name: `grid:${scheme.name}`,
    options: { nodes, cfl: courant, ...(mesh !== 'uniform' && { mesh }), ...scheme.options },
    target: 'map',
    random: false,
    solveVe: (density, run) => solve(scheme, settings, density, run),
  }
}

async function solve(
  scheme: Scheme,
  settings: EulerianOptions,
  density: Density,
  run: VeRun,
): Promise<EulerianMap> {
  checkDensity(density)
  const { nodes } = settings
  const { dimension: d, moments } = density
  checkInteger(`the dimension of the problem for ${scheme.name}`, d, 1, scheme.mostDimensions)
  const perInterpolant = settings.mesh === 'moving' ? inverseNumbers(d) : 2 * d
  // what the threads hold is given back after the march
  const held = (settings.threads > 1 ? 2 : 1) * scheme.numbers(d)
  checkMemory(nodes, d, held + (CHECKPOINTS + 1) * d + KEEP * perInterpolant)
  const flow = counted(comovingVelocity(density), d)
  const mesh = meshes[settings.mesh](scheme, density, flow.velocity, run.time, settings)
  const crew = await slabCrew(scheme, mesh.grid, mesh.motion, flow.velocity, settings.threads)
  const marched = march(mesh.step, mesh.start, mesh.thetas, CHECKPOINTS, run, crew?.step)
  const states = await marched.finally(() => crew?.stop())
  const interpolantAt = memoizeLru((theta: number) => mesh.interpolant(theta, states.at(theta)), KEEP)
  let traced = 0
  let slope: Steepest | undefined
  const steepnessOf = () => {
    slope ??= mesh.steepest()
    return slope.slope * Math.max(...mesh.grid.spacing)
  }
  return {
    evaluate(t, x) {
      checkNumber('t', t, 0, run.time)
      if (t === 0) return x.slice()
      const theta = Math.atan2(t, moments.scale)
      const y = new Float64Array(x.length)
      toComoving(density, t, x, y)
      traced += interpolantAt(theta)(y)
      for (let i = 0; i < y.length; i++) y[i] = moments.mean[i % d] + moments.scale * y[i]
      return y
    },
    get functionEvaluations() {
      return flow.evaluations + mesh.functionEvaluations + (slope?.functionEvaluations ?? 0)
    },
    get diagnostics() {
      const steepness = steepnessOf()
      return {
        nodes,
        mesh: settings.mesh,
        steps: mesh.thetas.length - 1,
        extent: mesh.extent,
        steepness,
        resolved: steepness <= RESOLVED,
        traced,
      }
    },
    get warnings() {
      const steepness = steepnessOf()
      if (steepness <= RESOLVED) return []
      return [
        `The layers of f are thinner than a few cells (max|∂f/∂y|·h = ${steepness.toPrecision(2)}), so that more nodes help slowly.`,
      ]
    },
    get cause() {
      const steepness = steepnessOf()
      if (steepness <= RESOLVED)
        return `The layers between the modes are wider than a few cells: what remains is the error of differences and time steps, which falls with the order of ${scheme.name}.`
      return `A layer between the modes thinner than a cell cannot be seen by a scheme on a fixed grid (max|∂f/∂y|·h = ${steepness.toPrecision(2)}).`
    },
  }
}
