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

  it('form no cycle, not even of types', () => {
    const graph = new Map(
      ['src', 'solvers', 'experiments', 'cli', 'bench', 'playground']
        .flatMap(sources)
        .map((file) => [file, names(file)]),
    )
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
      sources(folder).flatMap((file) =>
        loads(file)
          .filter((target) => target.startsWith('.'))
          .map((target) => relative(root, resolve(dirname(file), target)))
          .filter((target) => order.indexOf(target.split(sep)[0]) > level)
          .map((target) => `${relative(root, file)}: ${target}`),
      ),
    )
    const known = [
      // the package's face names everything there is
      /^src\/index\.ts: solvers\//,
      // true trajectories are what errors are measured on, and characteristics follow them
      /^src\/(trajectories|metrics\/(carried-sample|measure-error))\.ts: solvers\/characteristics\//,
      // p_t of a drift that is not linear is a solution of the Fokker–Planck equation
      /^src\/problem\/create-law\.ts: solvers\/fokker-planck\//,
      // the data of a problem may be a network of somebody else's
      /^src\/problem\/(read|densities\/(neural|predicted))\.ts: solvers\/neural\/foreign\/predictor/,
    ]
    expect(up.filter((one) => !known.some((pattern) => pattern.test(one)))).toEqual([])
    // an exception that is none any more is taken from the list
    for (const pattern of known)
      expect(
        up.some((one) => pattern.test(one)),
        String(pattern),
      ).toBe(true)
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
