import type { Method } from '../consistency-function.ts'
import { BadInput } from '../io/bad-input.ts'
import { given } from './given.ts'

/** The options of `evaluate` that say how f is computed. */
export interface MethodOptions {
  readonly method: MethodName
  readonly solver?: string
  readonly rtol?: number
  readonly atol?: number
  readonly coordinates?: 'comoving' | 't'
  readonly scheme?: string
  readonly nodes?: number
  readonly mesh?: 'uniform' | 'moving'
  readonly tolerance?: number
  readonly model?: string
  readonly table?: string
}

/** A method as plain data, from which any thread can make it without reading a file. */
export interface MethodInput extends MethodOptions {
  /** The bytes of the file of --table. */
  readonly tableBytes?: Uint8Array
}

interface MethodEntry {
  /** The options that belong to this method. */
  readonly options: readonly (keyof MethodOptions)[]
  create(options: MethodInput, threads: number): Promise<Method>
  /** Whether `create` uses the threads itself. */
  readonly ownThreads?: boolean
}

const methods = {
  exact: {
    options: [],
    create: async () => (await import('../exact/exact.ts')).exact(),
  },
  characteristics: {
    options: ['solver', 'rtol', 'atol', 'coordinates'],
    async create({ solver, rtol, atol, coordinates }) {
      const { rungeKutta, tableaux } = await import('../../solvers/characteristics/index.ts')
      const tableau = known('--solver', solver, tableaux)
      return rungeKutta(given({ tableau, rtol, atol, coordinates }))
    },
  },
  grid: {
    options: ['scheme', 'nodes', 'mesh', 'tolerance'],
    async create({ scheme, nodes, mesh, tolerance }, threads) {
      const { gridMethod } = await import('../../solvers/grid/index.ts')
      return gridMethod({ scheme: scheme ?? 'forward-map', ...given({ nodes, mesh, tolerance }), threads })
    },
  },
  table: {
    options: ['table'],
    async create({ table, tableBytes }) {
      if (table === undefined || tableBytes === undefined)
        throw new BadInput('--table', 'is missing', 'the file of a saved table')
      const { decodeTable, tableMethod } = await import('../../solvers/grid/index.ts')
      return tableMethod(await decodeTable(tableBytes, table))
    },
  },
  model: {
    options: ['model'],
    ownThreads: true,
    async create({ model }, threads) {
      if (model === undefined) throw new BadInput('--model', 'is missing', 'the folder of a trained model')
      const { loadAnyModel } = await import('../../solvers/neural/foreign/index.ts')
      return loadAnyModel(model, { threads })
    },
  },
} satisfies Record<string, MethodEntry>

export type MethodName = keyof typeof methods

export const methodNames = Object.keys(methods) as MethodName[]

/**
 * Checks that every option given belongs to the method chosen.
 *
 * @throws InputError naming the first that does not
 */
export function checkMethodOptions(options: MethodOptions): void {
  const own: readonly string[] = methods[options.method].options
  for (const name of methodNames)
    for (const key of methods[name].options)
      if (options[key] !== undefined && !own.includes(key))
        throw new BadInput(
          `--${key}`,
          `does not belong to --method ${options.method}`,
          `it with --method ${name} only`,
        )
  if (options.nodes !== undefined && options.tolerance !== undefined)
    throw new BadInput('--nodes', 'is given together with --tolerance', 'one of the two')
}

/** The method that the options describe. @throws InputError for a value that the method does not take */
export function createMethod(options: MethodInput, threads: number): Promise<Method> {
  const entry: MethodEntry = methods[options.method]
  return entry.create(options, threads)
}

/** Whether f by this method can be made and evaluated in several threads at once. */
export function inThreads(method: MethodName): boolean {
  const entry: MethodEntry = methods[method]
  return entry.ownThreads !== true
}

/**
 * The method among the options of a command, as plain data: its files are read here, and only here.
 *
 * @throws InputError when a file cannot be read
 */
export async function methodInput(options: MethodOptions): Promise<MethodInput> {
  const { method, table } = options
  const own = Object.fromEntries(methods[method].options.map((key) => [key, options[key]]))
  if (table === undefined) return { method, ...own }
  const { readBytes } = await import('../io/read-bytes.ts')
  return { method, ...own, tableBytes: await readBytes(table) }
}

function known<T extends object>(option: string, value: string | undefined, table: T): keyof T | undefined {
  if (value === undefined || Object.hasOwn(table, value)) return value as keyof T | undefined
  throw new BadInput(option, `is ${JSON.stringify(value)}`, `one of ${Object.keys(table).join(', ')}`)
}
