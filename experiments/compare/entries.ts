import { rungeKutta, type TableauName } from '../../solvers/characteristics/index.ts'
import { gridMethod } from '../../solvers/grid/index.ts'
import { type AnyModel, anyModelMethod } from '../../solvers/neural/foreign/index.ts'
import { type LossName, type Model, modelMethod } from '../../solvers/neural/index.ts'
import { type SamplerName, type ScheduleName, sampler } from '../../solvers/sampling/index.ts'
import type { Method } from '../../src/consistency-function.ts'
import { exact, exactMap } from '../../src/exact/exact.ts'
import { gaussianBaseline } from '../../src/exact/gaussian.ts'
import type { Density } from '../../src/problem/density.ts'
import type { CompareSettings, LossSettings } from './settings.ts'

/** A method of the comparison as plain data, so that a worker thread can make it. */
export type Entry =
  | { readonly kind: 'exact' | 'gaussian' }
  | {
      readonly kind: 'characteristics'
      readonly rtol: number
      readonly atol?: number | undefined
      readonly tableau?: TableauName | undefined
    }
  | {
      readonly kind: 'grid'
      readonly scheme: string
      readonly nodes?: number | undefined
      readonly tolerance?: number | undefined
    }
  | {
      readonly kind: 'sampler'
      readonly solver: SamplerName
      readonly steps: number
      readonly schedule?: ScheduleName | undefined
    }
  | { readonly kind: 'model'; readonly model: Model }
  /** A model or somebody else's network, and the path that it was read from */
  | { readonly kind: 'given'; readonly path: string; readonly any: AnyModel }

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
export function solverEntries(density: Density, settings: CompareSettings): Entry[] {
  const grids = density.dimension <= 2 && !density.atomic
  return [
    { kind: 'gaussian' },
    ...(exactMap(density) ? [{ kind: 'exact' } as const] : []),
    { kind: 'characteristics', rtol: 1e-6 },
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

export function entryMethod(entry: Entry): Method {
  switch (entry.kind) {
    case 'exact':
      return exact()
    case 'gaussian':
      return gaussianBaseline()
    case 'characteristics':
      return rungeKutta({
        rtol: entry.rtol,
        atol: entry.atol ?? entry.rtol / 100,
        ...(entry.tableau && { tableau: entry.tableau }),
      })
    case 'grid':
      return gridMethod({
        scheme: entry.scheme,
        ...(entry.nodes !== undefined && { nodes: entry.nodes }),
        ...(entry.tolerance !== undefined && { tolerance: entry.tolerance }),
      })
    case 'sampler':
      return sampler({
        solver: entry.solver,
        steps: entry.steps,
        ...(entry.schedule && { schedule: entry.schedule }),
      })
    case 'model':
      return modelMethod(entry.model)
    case 'given':
      return givenMethod(entry.any, entry.path)
  }
}

function givenMethod(any: AnyModel, path: string): Method {
  const method = anyModelMethod(any)
  // a model of ours has the name of its loss, which the rows of this comparison have too
  return 'network' in any ? method : { ...method, name: `${method.name}:${baseName(path)}` }
}

/** What progress calls it. */
export function entryLabel(entry: Entry): string {
  if (entry.kind === 'given') return entry.path
  if (entry.kind !== 'model') return entryMethod(entry).name
  const { loss, seed } = entry.model.description
  return `${loss}, seed ${seed}`
}

function baseName(path: string): string {
  return /([^/\\]+)[/\\]*$/.exec(path)?.[1] ?? path
}

/** A ladder before it is climbed. */
export interface LadderEntries {
  readonly label: string
  /** What the names of its methods begin with */
  readonly family: string
  readonly entries: readonly Entry[]
}

/** The families of the error-against-work figure: the same method with more and more work. */
export function ladders(density: Density, settings: CompareSettings): LadderEntries[] {
  const { characteristics, forwardMap, eulerian, samplers } = settings.ladders
  const sampling = (solver: 'euler' | 'heun') => ({
    label: `${solver === 'euler' ? 'Euler' : 'Heun'} sampler`,
    family: `sampler:${solver}-`,
    entries: samplers.map((steps): Entry => ({ kind: 'sampler', solver, steps })),
  })
  const grid = (label: string, scheme: 'forward-map' | 'weno5' | 'upwind', nodes: readonly number[]) => ({
    label,
    family: `grid:${scheme}`,
    entries: nodes.map((count): Entry => ({ kind: 'grid', scheme, nodes: count })),
  })
  return [
    {
      label: 'characteristics',
      family: 'characteristics',
      entries: characteristics.map((rtol): Entry => ({ kind: 'characteristics', rtol })),
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
