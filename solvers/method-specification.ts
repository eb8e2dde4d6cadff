import { z } from 'zod'
import type { RungeKuttaOptions } from '../src/characteristics/index.ts'
import type { Method } from '../src/consistency-function.ts'
import { InputError } from '../src/errors.ts'
import type { ArchitectureKind } from '../src/nn/networks.ts'
import { omitUndefined } from '../src/omit-undefined.ts'
import type { AnyModel } from './neural/foreign/index.ts'
import type { LossName, TrainingOptions } from './neural/index.ts'
import type { SamplerName, ScheduleName } from './sampling/index.ts'

// A method as plain data, from which any thread can make it. The schemas say which options there are; their ranges, names and
// defaults are those of the methods themselves, which check them when they are made, and whose modules are loaded only then.

/** A name of a table of the method's own, which it checks. */
const nameOf = <T extends string>() => z.custom<T>((value) => typeof value === 'string', 'a name')
const number = z.number().optional()

/** What each kind of method takes. */
export const methodSchemas = {
  exact: z.strictObject({ kind: z.literal('exact') }),
  /** The map of the Gaussian with the moments of the data. */
  gaussian: z.strictObject({ kind: z.literal('gaussian') }),
  characteristics: z.strictObject({
    kind: z.literal('characteristics'),
    rtol: number,
    atol: number,
    tableau: nameOf<NonNullable<RungeKuttaOptions['tableau']>>().optional(),
    coordinates: z.enum(['comoving', 't']).optional(),
    maxSteps: number,
    controller: nameOf<NonNullable<RungeKuttaOptions['controller']>>().optional(),
    stepSize: nameOf<NonNullable<RungeKuttaOptions['stepSize']>>().optional(),
  }),
  grid: z.strictObject({
    kind: z.literal('grid'),
    /** Default forward-map. */
    scheme: z.string().optional(),
    nodes: number,
    tolerance: number,
    cfl: number,
    mesh: z.enum(['uniform', 'moving']).optional(),
    /** Of the characteristics of a forward map. */
    rtol: number,
  }),
  /** A saved table: what is read of it already, and where. */
  table: z.strictObject({
    kind: z.literal('table'),
    path: z.string(),
    bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array).optional(),
  }),
  sampler: z.strictObject({
    kind: z.literal('sampler'),
    solver: nameOf<SamplerName>().optional(),
    steps: number,
    schedule: nameOf<ScheduleName>().optional(),
    sigmaMin: number,
  }),
  /** A trained model, or a network of your own: one of the two, or what was read from the path. */
  model: z.strictObject({
    kind: z.literal('model'),
    path: z.string().optional(),
    loaded: z.custom<AnyModel>((value) => typeof value === 'object' && value !== null).optional(),
  }),
  /** A network that is trained when the problem is solved. */
  train: z.strictObject({
    kind: z.literal('train'),
    loss: nameOf<LossName>(),
    steps: number,
    batch: number,
    width: number,
    layers: number,
    optimiser: z.string().optional(),
    rate: number,
    intervals: number,
    metric: nameOf<NonNullable<TrainingOptions['metric']>>().optional(),
    metricScale: number,
    metricPower: number,
    network: nameOf<ArchitectureKind>().optional(),
    units: number,
    coarseSteps: number,
    solver: nameOf<NonNullable<TrainingOptions['solver']>>().optional(),
    target: nameOf<NonNullable<TrainingOptions['target']>>().optional(),
    targetDecay: number,
    points: nameOf<NonNullable<TrainingOptions['points']>>().optional(),
  }),
}

export type MethodKind = keyof typeof methodSchemas

/** A method of one kind as plain data. */
export type MethodSpecOf<K extends MethodKind> = Readonly<z.output<(typeof methodSchemas)[K]>>

/** A method as plain data: its kind and its options. */
export type MethodSpec = { [K in MethodKind]: MethodSpecOf<K> }[MethodKind]

interface CreateMethodOptions {
  /** Threads that the method may use by itself; default 1. */
  readonly threads?: number
}

/**
 * The method that a specification describes. The modules of its kind are loaded here.
 *
 * @throws InputError for an option out of range, or a file that is missing or does not fit
 * @example const f = await solve(problem, await createMethod({ kind: 'grid', tolerance: 1e-6 }), { time: 10 })
 */
export async function createMethod(spec: MethodSpec, run: CreateMethodOptions = {}): Promise<Method> {
  switch (spec.kind) {
    case 'exact':
      return (await import('../src/exact/exact.ts')).exact()
    case 'gaussian':
      return (await import('../src/exact/exact.ts')).gaussianBaseline()
    case 'characteristics': {
      const { rungeKutta } = await import('../src/characteristics/runge-kutta.ts')
      const { kind: _, ...options } = spec
      return rungeKutta(options)
    }
    case 'grid': {
      const { gridMethod } = await import('./grid/index.ts')
      const { kind: _, scheme = 'forward-map', ...options } = spec
      return gridMethod({ scheme, ...options, ...run })
    }
    case 'table': {
      const { decodeTable, tableMethod } = await import('./grid/index.ts')
      const { path, bytes } = spec
      const { readBytes } = await import('../src/io/read-file.ts')
      return tableMethod(await decodeTable(bytes ?? (await readBytes(path)), path))
    }
    case 'sampler': {
      const { sampler } = await import('./sampling/sampler.ts')
      const { kind: _, ...options } = spec
      return sampler(options)
    }
    case 'model': {
      const { path, loaded } = spec
      if (loaded && 'model' in loaded) {
        const { modelMethod } = await import('./neural/model-method.ts')
        return modelMethod(loaded.model, run)
      }
      const { anyModelMethod, readAnyModel } = await import('./neural/foreign/index.ts')
      if (loaded) return anyModelMethod(loaded, run)
      if (path === undefined) throw new InputError('path', path, 'the folder of a trained model')
      return anyModelMethod(await readAnyModel(path), run)
    }
    case 'train': {
      const { trainedMethod } = await import('./neural/index.ts')
      const { kind: _, loss, ...options } = spec
      return trainedMethod(loss, { ...omitUndefined(options), ...run })
    }
  }
}

/** Whether methods of a kind use threads by themselves, so that one of them serves all points. */
export function hasOwnThreads(kind: MethodKind): boolean {
  return kind === 'model' || kind === 'train'
}

/** Characteristics as comparisons have them: with an absolute tolerance of a hundredth of the relative one, unless given. */
export function characteristicsAt(
  rtol: number,
  options: Pick<MethodSpecOf<'characteristics'>, 'atol' | 'tableau' | 'coordinates'> = {},
): MethodSpec {
  return { kind: 'characteristics', rtol, atol: rtol / 100, ...options }
}
