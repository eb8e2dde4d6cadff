import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import * as library from '../../src/index.ts'

const file = fileURLToPath(new URL('../../docs/guide/tutorial.md', import.meta.url))
const AsyncFunction = (async () => {}).constructor as new (
  ...code: string[]
) => (...values: unknown[]) => Promise<void>

it('the tutorial: its blocks run one after the other, and print what stands under each', async () => {
  const text = readFileSync(file, 'utf8')
  const blocks = Array.from(
    text.matchAll(/^```ts\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?/gms),
    ([, code, output = '']) => ({ code, output }),
  )
  expect(blocks.length).toBeGreaterThan(8)
  expect(text.match(/^```text$/gm)).toHaveLength(blocks.filter(({ output }) => output !== '').length)
  const printed = blocks.map(() => '')
  let current = 0
  const code = blocks.map(
    (block, k) =>
      `begin(${k})\n${block.code.replace(/^import (\{[^}]*\}) from 'consistency-pde'$/gm, 'const $1 = library')}`,
  )
  await new AsyncFunction('library', 'console', 'begin', code.join('\n'))(
    library,
    { log: (line: string) => (printed[current] += `${line}\n`) },
    (k: number) => {
      current = k
    },
  )
  expect(printed).toEqual(blocks.map(({ output }) => output))
}, 600_000)

it('the tutorial: numbers of the text are numbers that were printed', () => {
  const text = readFileSync(file, 'utf8')
  const [code, prose] = [/^```.*?^```$/gms, /^```.*?^```$|^\$\$.*?\$\$$/gms]
  const outputs = (text.match(code) ?? []).join('\n')
  const quoted = text.replace(prose, '').match(/−?\d+\.\d\d\b/g) ?? []
  expect(quoted.length).toBeGreaterThan(4)
  for (const number of quoted) expect(outputs).toContain(number.replace('−', '-'))
})
