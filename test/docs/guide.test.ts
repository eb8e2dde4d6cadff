import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import * as library from '../../src/index.ts'

const folder = fileURLToPath(new URL('../../docs/guide', import.meta.url))
const AsyncFunction = (async () => {}).constructor as new (
  ...code: string[]
) => (...values: unknown[]) => Promise<void>

const pages = [...readdirSync(folder).filter((name) => name.endsWith('.md')), '../losses.md']

it.each(pages)(
  'the example at the head of docs/guide/%s runs',
  async (name) => {
    const [block] = readFileSync(join(folder, name), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)
    expect(block, 'a block of TypeScript').toBeDefined()
    const [, imports, code] = /^import (\{.*?\}) from 'consistency-pde'\n(.*)$/s.exec(block[1]) ?? []
    const printed: unknown[] = []
    const names = Array.from(imports.matchAll(/\w+/g), ([one]) => one)
    for (const one of names) expect(library).toHaveProperty(one)
    await new AsyncFunction('library', 'console', `const ${imports} = library\n${code}`)(library, {
      log: (...values: unknown[]) => printed.push(...values),
    })
    expect(printed.length).toBeGreaterThan(0)
    expect(printed.filter((value) => value === undefined || Number.isNaN(value))).toEqual([])
  },
  120_000,
)
