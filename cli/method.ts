import { type MethodKind, type MethodSpec, methodSchemas } from '../solvers/method-specification.ts'
import { BadInput } from '../src/io/bad-input.ts'

/** The options of `evaluate` that say how f is computed. */
export interface MethodOptions {
  readonly method: OfferedKind
  readonly tableau?: string
  /** Its older name. */
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

type Flag = Exclude<keyof MethodOptions, 'method'>

/** The methods that `evaluate` offers, each with its options. */
const offered = {
  exact: [],
  characteristics: ['tableau', 'solver', 'rtol', 'atol', 'coordinates'],
  grid: ['scheme', 'nodes', 'mesh', 'tolerance'],
  table: ['table'],
  model: ['model'],
} as const satisfies Partial<Record<MethodKind, readonly Flag[]>>

type OfferedKind = keyof typeof offered

export const methodNames = Object.keys(offered) as OfferedKind[]

/**
 * Checks that every option given belongs to the method chosen.
 *
 * @throws InputError naming the first that does not
 */
export function checkMethodOptions(options: MethodOptions): void {
  const own: readonly string[] = offered[options.method]
  for (const name of methodNames)
    for (const key of offered[name])
      if (options[key] !== undefined && !own.includes(key))
        throw new BadInput(
          `--${key}`,
          `does not belong to --method ${options.method}`,
          `it with --method ${name} only`,
        )
  if (options.nodes !== undefined && options.tolerance !== undefined)
    throw new BadInput('--nodes', 'is given together with --tolerance', 'one of the two')
  if (options.tableau !== undefined && options.solver !== undefined)
    throw new BadInput('--solver', 'is given together with --tableau', 'one of the two')
}

/**
 * The method among the options of a command. A table is read here, and only here.
 *
 * @throws InputError when a file is not given or cannot be read
 */
export async function methodSpec(options: MethodOptions): Promise<MethodSpec> {
  const { method: kind, model, table, solver, tableau = solver } = options
  switch (kind) {
    case 'exact':
      return { kind }
    case 'characteristics': {
      const { rtol, atol, coordinates } = options
      return methodSchemas[kind].parse({ kind, tableau, rtol, atol, coordinates })
    }
    case 'grid': {
      const { scheme, nodes, mesh, tolerance } = options
      return { kind, scheme, nodes, mesh, tolerance }
    }
    case 'table': {
      if (table === undefined) throw new BadInput('--table', 'is missing', 'the file of a saved table')
      const { readBytes } = await import('../src/io/read-file.ts')
      return { kind, path: table, bytes: await readBytes(table) }
    }
    case 'model':
      if (model === undefined) throw new BadInput('--model', 'is missing', 'the folder of a trained model')
      return { kind, path: model }
  }
}

/** What an option of a method is called on the command line. */
export function flagOf({ solver }: MethodOptions): (parameter: string) => string {
  const flags: readonly string[] = Object.values(offered).flat()
  return (parameter) => {
    const name = parameter === 'tableau' && solver !== undefined ? 'solver' : parameter
    return flags.includes(name) ? `--${name}` : parameter
  }
}
