import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

const IMPORTED = [
  /\b(?:import|export)\s(?!type\b)[^'"();]*?from\s*['"](\.{1,2}\/[^'"]+)['"]/g,
  /\bimport\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g,
  /\bimport\.meta\.glob\b[^'"()]*\(\s*['"](\.{1,2}\/[^'"]+)['"]/g,
  /\bnew URL\(\s*['"](\.{1,2}\/[^'"]+\.ts)['"]/g,
]

/** The files that a file of the project imports, statically or not, by a pattern too, or starts as a worker. */
function importsOf(root: string, file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  const found = IMPORTED.flatMap((pattern) => Array.from(text.matchAll(pattern), ([, path]) => path))
  return [...new Set(found)]
    .map((path) => normalize(join(dirname(file), path)))
    .flatMap((path) => (path.includes('*') ? matching(root, path) : [path]))
    .filter((path) => path.endsWith('.ts') && existsSync(join(root, path)))
}

/** Files below the folder that a pattern begins with whose paths it is the pattern of. */
function matching(root: string, pattern: string): string[] {
  const [folder] = pattern.split('*')
  const parts = { '**/': '(?:.*/)?', '*': '[^/]*', '.': '\\.' } as const
  const matches = new RegExp(
    `^${pattern.replace(/\*\*\/|[*.]/g, (part) => parts[part as keyof typeof parts])}$`,
  )
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => matches.test(file))
}

/** For every source file the tests that come to it by imports, each with the number of imports between. */
export function relatedTests(root: string, tests: readonly string[]): Map<string, Map<string, number>> {
  const known = new Map<string, string[]>()
  const related = new Map<string, Map<string, number>>()
  for (const test of tests) {
    const distance = new Map([[test, 0]])
    for (const [file, steps] of distance) {
      let imports = known.get(file)
      if (!imports) {
        imports = importsOf(root, file)
        known.set(file, imports)
      }
      for (const next of imports) if (!distance.has(next)) distance.set(next, steps + 1)
    }
    for (const [file, steps] of distance) {
      const list = related.get(file) ?? new Map<string, number>()
      related.set(file, list.set(test, steps))
    }
  }
  return related
}

/** What vitest keeps of its last runs: milliseconds of every test file. */
export function durationsOfTests(root: string): Map<string, number> {
  const cache = join(root, 'node_modules', '.vite', 'vitest')
  if (!existsSync(cache)) return new Map()
  const files = readdirSync(cache)
    .map((folder) => join(cache, folder, 'results.json'))
    .filter((file) => existsSync(file))
  type Results = { readonly results: readonly (readonly [string, { readonly duration: number }])[] }
  return new Map(
    files
      .flatMap((file) => (JSON.parse(readFileSync(file, 'utf8')) as Results).results)
      .map(([name, { duration }]) => [name.replace(/^.*:/, '').replace(/^\//, ''), duration]),
  )
}
