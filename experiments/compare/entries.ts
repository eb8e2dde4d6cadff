import { characteristicsAt, createMethod, type MethodSpec } from '../../solvers/method-specification.ts'
import type { LossName } from '../../solvers/neural/index.ts'
import type { Method } from '../../src/consistency-function.ts'
import { exactMap } from '../../src/exact/exact.ts'
import type { Density } from '../../src/problem/density.ts'
import type { CompareSettings, LossSettings } from './settings.ts'

/** A network to train before it is measured. */
export interface NetworkEntry extends LossSettings {
  readonly loss: LossName
}

/** The networks of a comparison; consistency training needs samples of the data, not only a score. */
export function networkEntries(density: Density, { networks }: CompareSettings): NetworkEntry[] {
  const losses = density.sample ? (['pinn', 'cd', 'ct'] as const) : (['pinn', 'cd'] as const)
  return losses.map((loss) => ({ loss, ...networks[loss] }))
}

/** The methods that need no training, as far as they apply to the density. */
export function solverEntries(density: Density, settings: CompareSettings): MethodSpec[] {
  const grids = density.dimension <= 2 && !density.atomic
  return [
    { kind: 'gaussian' },
    ...(exactMap(density) ? [{ kind: 'exact' } as const] : []),
    characteristicsAt(1e-6),
    ...(grids
      ? ([
          { kind: 'grid', scheme: 'forward-map', nodes: settings.forwardMapNodes },
          { kind: 'grid', scheme: 'weno5', nodes: settings.eulerianNodes },
          { kind: 'grid', scheme: 'upwind', nodes: settings.eulerianNodes },
        ] as const)
      : []),
    { kind: 'sampler', solver: 'heun', steps: 18 },
    { kind: 'sampler', solver: 'euler', steps: 20 },
    { kind: 'sampler', solver: 'euler', steps: 10 },
  ]
}

/** What the row of a method is called. */
export function rowName(method: Method, spec: MethodSpec): string {
  // a model of ours has the name of its loss, which the rows of this comparison have too
  const read = spec.kind === 'model' && spec.path !== undefined && spec.loaded && 'model' in spec.loaded
  return read ? `${method.name}:${baseName(spec.path)}` : method.name
}

/** What progress calls it. */
export async function methodLabel(spec: MethodSpec): Promise<string> {
  if (spec.kind !== 'model' || spec.loaded === undefined) return (await createMethod(spec)).name
  if (spec.path !== undefined) return spec.path
  const { name, options } = await createMethod(spec)
  return `${name}, seed ${options.seed}`
}

function baseName(path: string): string {
  return /([^/\\]+)[/\\]*$/.exec(path)?.[1] ?? path
}

/** A ladder before it is measured. */
interface LadderEntries {
  readonly label: string
  /** What the names of its methods begin with */
  readonly family: string
  readonly specs: readonly MethodSpec[]
}

/** The families of the error-against-work figure: the same method with more and more work. */
export function ladders(density: Density, settings: CompareSettings): LadderEntries[] {
  const { characteristics, forwardMap, eulerian, samplers } = settings.ladders
  const sampling = (solver: 'euler' | 'heun') => ({
    label: `${solver === 'euler' ? 'Euler' : 'Heun'} sampler`,
    family: `sampler:${solver}-`,
    specs: samplers.map((steps): MethodSpec => ({ kind: 'sampler', solver, steps })),
  })
  const grid = (label: string, scheme: 'forward-map' | 'weno5' | 'upwind', nodes: readonly number[]) => ({
    label,
    family: `grid:${scheme}`,
    specs: nodes.map((count): MethodSpec => ({ kind: 'grid', scheme, nodes: count })),
  })
  return [
    {
      label: 'characteristics',
      family: 'characteristics',
      specs: characteristics.map((rtol) => characteristicsAt(rtol)),
    },
    ...(density.dimension <= 2 && !density.atomic
      ? [
          grid('forward-map grid', 'forward-map', forwardMap),
          grid('WENO5 grid', 'weno5', eulerian),
          grid('upwind grid', 'upwind', eulerian),
        ]
      : []),
    sampling('heun'),
    sampling('euler'),
  ]
}
