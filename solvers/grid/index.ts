import type { Method } from '../../src/consistency-function.ts'
import { checkInteger, checkNumber, InputError } from '../../src/errors.ts'
import { eulerian, type MeshName } from './eulerian/eulerian.ts'
import { forwardMapMethod } from './forward-map/forward-map.ts'
import { checkForwardMap, type ForwardMapOptions } from './limits.ts'
import { type SchemeName, schemes } from './schemes/index.ts'
import type { Scheme } from './schemes/scheme.ts'

export type { EulerianDiagnostics, EulerianMap, MeshName } from './eulerian/eulerian.ts'
export type { ForwardMap, ForwardMapDiagnostics } from './forward-map/forward-map.ts'
export type { GridTable, TableDiagnostics } from './forward-map/grid-table.ts'
export { decodeTable, encodeTable } from './forward-map/table-file.ts'
export { tableMethod } from './forward-map/table-map.ts'
export {
  loadTable,
  saveTable,
  type TabulatedFunction,
  type TabulateOptions,
  tabulate,
} from './forward-map/tabulate.ts'
export type { ForwardMapOptions } from './limits.ts'
export { type SchemeName, schemes } from './schemes/index.ts'

const MOST = 1e8

interface EulerianGridOptions {
  /** Nodes an axis, at least 8, or 10 for WENO9. */
  readonly nodes: number
  /**
   * The Courant number Σ_i |v_i| Δθ / h_i, above 0 and at most 1, 1.4 for `weno5-rk4` and 3 for `weno7` and `weno9`, where the schemes are
   * stable; at most 100 for backward tracing. Default 0.9, for `weno5-rk4` 1.2, for `weno7` and `weno9` 2.4, for
   * semi-Lagrangian schemes 4, for Chebyshev collocation 1.
   */
  readonly cfl?: number
  /**
   * `uniform` (the default), or `moving`: nodes that move with the layers of f, for upwind and the WENO schemes
   * (docs/mathematics.md §2.5). The layers are then resolved however thin they are.
   */
  readonly mesh?: MeshName
  /**
   * Worker threads, 1 to 64, default 1. Upwind and the WENO schemes use them in 2-D and 3-D on Gaussian mixtures; the result has the same bits.
   */
  readonly threads?: number
}

/**
 * The forward-map grid of docs/mathematics.md §2: y(0) ↦ y(θ) is tabulated by characteristics and inverted. The forward
 * map has none of the layers of f, so this is the grid to use. 1 to 3 dimensions.
 *
 * @throws InputError for options out of range, and when solving: a grid that does not fit in memory, more than three
 *   dimensions, point masses
 * @example await solve(problem, forwardMap({ tolerance: 1e-6 }), { time: 10 })
 */
export function forwardMap(options: ForwardMapOptions = {}): Method {
  return forwardMapMethod(checkForwardMap(options))
}

/** f_θ + v·∇f = 0 by first-order upwind differences and forward Euler. Options, limits and errors as `weno5`. */
export function upwind(options: EulerianGridOptions): Method {
  return eulerianMethod('upwind', options)
}

/**
 * f_θ + v·∇f = 0 by WENO5 in finite differences and SSP-RK3 on |y_i| ≤ Y, in 1 to 3 dimensions. Fifth order in h and third in
 * Δθ where the layers of f are wider than a few cells; otherwise order 0.3 to 0.7: the `diagnostics` of the map say which.
 *
 * @throws InputError for options out of range, and when solving: a grid that does not fit in memory, more than three
 *   dimensions, point masses
 * @example await solve(problem, weno5({ nodes: 801 }), { time: 5 })
 */
export function weno5(options: EulerianGridOptions): Method {
  return eulerianMethod('weno5', options)
}

/** Names of the schemes that `gridMethod` knows. */
export const gridSchemes: readonly string[] = ['forward-map', ...Object.keys(schemes)]

/**
 * A grid method by name, as the command line asks for it.
 *
 * @throws InputError for an unknown scheme, an Eulerian scheme without nodes or with a tolerance, options out of range
 */
export function gridMethod(options: {
  scheme: string
  nodes?: number
  tolerance?: number
  cfl?: number
  mesh?: MeshName
  rtol?: number
  threads?: number
}): Method {
  const { scheme, nodes, tolerance, cfl, mesh, rtol, threads } = options
  if (!gridSchemes.includes(scheme)) throw new InputError('scheme', scheme, gridSchemes.join(', '))
  if (scheme === 'forward-map') {
    if (cfl !== undefined) throw new InputError('cfl', cfl, 'no cfl: the forward map has no Courant number')
    if (mesh !== undefined)
      throw new InputError('mesh', mesh, 'no mesh: the nodes of the forward map follow its flow')
    return forwardMap({ nodes, tolerance, rtol })
  }
  if (rtol !== undefined)
    throw new InputError('rtol', rtol, `no rtol with ${scheme}: it follows no trajectories`)
  if (tolerance !== undefined)
    throw new InputError(
      'tolerance',
      tolerance,
      `no tolerance with ${scheme}: give nodes, or use forward-map`,
    )
  if (nodes === undefined) throw new InputError('nodes', nodes, `a number of nodes for ${scheme}`)
  return eulerianMethod(scheme as SchemeName, { nodes, cfl, mesh, threads })
}

function eulerianMethod(
  name: SchemeName,
  { nodes, cfl, mesh = 'uniform', threads = 1 }: EulerianGridOptions,
): Method {
  const scheme: Scheme = schemes[name]()
  if (mesh !== 'uniform' && mesh !== 'moving') throw new InputError('mesh', mesh, 'uniform or moving')
  if (mesh === 'moving' && !scheme.lines)
    throw new InputError('mesh', mesh, `uniform for ${name}: nodes move with upwind and the WENO schemes`)
  return eulerian(scheme, {
    nodes: checkInteger('nodes', nodes, scheme.fewestNodes, MOST),
    courant: checkNumber('cfl', cfl ?? scheme.courant, 0, scheme.mostCourant, true),
    mesh,
    threads: checkInteger('threads', threads, 1, 64),
  })
}
