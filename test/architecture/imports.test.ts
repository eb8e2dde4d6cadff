import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { version } from '../../src/version.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Modules that a file loads when it is loaded itself: static imports and exports that are not types only. */
function loads(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const statements = text.matchAll(
    /^(?:import|export)\s+(?!type\b)[^;'"]*?from\s+'([^']+)'|^import\s+'([^']+)'/gms,
  )
  return Array.from(statements, (match) => match[1] ?? match[2])
}

/** Modules that a file names, for types only as well. */
function names(file: string): string[] {
  const statements = readFileSync(file, 'utf8').matchAll(/^(?:import|export)\s+[^;'"]*?from\s+'([^']+)'/gms)
  return Array.from(statements, (match) => match[1])
}

/** Modules that a file loads when it needs them. */
function later(file: string): string[] {
  return Array.from(readFileSync(file, 'utf8').matchAll(/\bimport\(\s*'([^']+)'/g), (match) => match[1])
}

function reachable(entry: string): Map<string, string[]> {
  const found = new Map<string, string[]>()
  const open = [entry]
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file)) continue
    const targets = loads(file)
    found.set(file, targets)
    for (const target of targets) if (target.startsWith('.')) open.push(resolve(dirname(file), target))
  }
  return found
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('assembly'))
    .map((file) => join(root, folder, file))
}

const FOLDERS = ['src', 'solvers', 'experiments', 'cli', 'bench', 'playground']

function everything(): string[] {
  return FOLDERS.flatMap(sources)
}

/** Every folder with files of ours in or below it. */
function rooms(): string[] {
  const folders = new Set(everything().flatMap((file) => above(dirname(relative(root, file)))))
  return ['.', ...folders].sort()
}

function above(folder: string): string[] {
  return folder === '.' ? [] : [folder, ...above(dirname(folder))]
}

function within(folder: string, file: string): boolean {
  return !relative(join(root, folder), file).startsWith('..')
}

/** The file or folder of `folder` in which a file is. */
function child(folder: string, file: string): string {
  return relative(join(root, folder), file).split(sep)[0]
}

/** The package's face names everything there is. */
function isFace(file: string): boolean {
  return relative(root, file) === join('src', 'index.ts')
}

/** What every file imports of ours, at once or later. */
const imports = new Map(
  everything().map((file) => [
    file,
    [...names(file), ...later(file)]
      .filter((name) => name.startsWith('.'))
      .map((name) => resolve(dirname(file), name)),
  ]),
)

describe('the imports', () => {
  it('from the package root load no module of Node', () => {
    const graph = reachable(join(root, 'src/index.ts'))
    expect(graph.size).toBeGreaterThan(50)
    const node = [...graph].flatMap(([file, targets]) =>
      targets
        .filter((target) => target.startsWith('node:'))
        .map((target) => `${relative(root, file)}: ${target}`),
    )
    expect(node).toEqual([])
  })

  it('load little for help, and no parser of formulas for a problem in closed form', () => {
    expect(
      reachable(join(root, 'cli/main.ts')).size + reachable(join(root, 'cli/program.ts')).size,
    ).toBeLessThan(30)
    const commands = ['evaluate', 'sample', 'train', 'certify', 'score', 'points']
    for (const file of ['src/create/read-problem.ts', ...commands.map((name) => `cli/commands/${name}.ts`)]) {
      const packages = [...reachable(join(root, file)).values()].flat()
      expect(
        packages.filter((name) => /^(mathjs|@tensorflow|linkedom|@observablehq)/.test(name)),
        file,
      ).toEqual([])
    }
  })

  it('form no cycle, not even of types', () => {
    const graph = new Map(everything().map((file) => [file, names(file)]))
    const state = new Map<string, 'open' | 'done'>()
    const cycles: string[] = []
    const visit = (file: string, path: string[]): void => {
      if (state.get(file) === 'done') return
      if (state.get(file) === 'open') {
        cycles.push([...path.slice(path.indexOf(file)), file].map((one) => relative(root, one)).join(' → '))
        return
      }
      state.set(file, 'open')
      for (const target of graph.get(file) ?? [])
        if (target.startsWith('.')) visit(resolve(dirname(file), target), [...path, file])
      state.set(file, 'done')
    }
    for (const file of graph.keys()) visit(file, [])
    expect(cycles).toEqual([])
  })

  it('do not run up from a folder to one that is built on it', () => {
    const order = ['src', 'solvers', 'experiments', 'cli']
    const up = order.flatMap((folder, level) =>
      sources(folder)
        .filter((file) => !isFace(file))
        .flatMap((file) =>
          loads(file)
            .filter((target) => target.startsWith('.'))
            .map((target) => relative(root, resolve(dirname(file), target)))
            .filter((target) => order.indexOf(target.split(sep)[0]) > level)
            .map((target) => `${relative(root, file)}: ${target}`),
        ),
    )
    expect(up).toEqual([])
  })

  it.each(rooms())('between the files and folders of %s run one way', (folder) => {
    // what stands in the folder, and what of it each imports
    const graph = new Map<string, Set<string>>()
    for (const [file, targets] of imports) {
      if (!within(folder, file) || isFace(file)) continue
      const from = child(folder, file)
      const imported = graph.get(from) ?? new Set()
      for (const one of targets) if (within(folder, one)) imported.add(child(folder, one))
      imported.delete(from)
      graph.set(from, imported)
    }
    // what imports nothing that is left stands below the rest: it is taken away, until nothing is left
    for (let size = -1; size !== graph.size; ) {
      size = graph.size
      for (const [name, imported] of graph)
        if (![...imported].some((one) => graph.has(one))) graph.delete(name)
    }
    expect(Object.fromEntries([...graph].map(([name, imported]) => [name, [...imported]]))).toEqual({})
  })

  it('name files that exist', () => {
    for (const file of ['src', 'solvers', 'experiments', 'cli'].flatMap(sources))
      for (const target of loads(file))
        if (target.startsWith('.'))
          expect(existsSync(resolve(dirname(file), target)), `${file}: ${target}`).toBe(true)
  })
})

it('the version is that of package.json', () => {
  expect(version).toBe(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version)
})
