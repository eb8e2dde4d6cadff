import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { createProgram } from '../../cli/program.ts'

// of git, npm, Node, pip, Snakemake and the scripts of package.json
const OTHERS = new Set(
  'config cores executor install jobs omit python rerun-incomplete snakefile unlock write help'
    .split(' ')
    .map((name) => `--${name}`),
)

/** The rows of a page whose first cell names options of one command. */
const pages = [
  ['docs/guide/networks.md', 'train'],
  ['docs/guide/samplers.md', 'sample'],
  ['docs/guide/grids.md', 'evaluate'],
  ['docs/guide/characteristics.md', 'evaluate'],
] as const
const { commands, options } = await createProgram({ stdout() {}, stderr() {} })
const shared = options.map(({ long }) => long)

it.each(pages)('the table of options in %s has only those that %s takes', async (file, name) => {
  const own = commands.find((command) => command.name() === name)?.options.map(({ long }) => long) ?? []
  const rows = (await readFile(file, 'utf8')).split('\n').filter((line) => line.startsWith('| `'))
  const named = rows.flatMap((row) => row.split('|')[1].match(/--[a-z][a-z-]+/g) ?? [])
  expect(named.length).toBeGreaterThan(1)
  expect(named.filter((option) => ![...own, ...shared].includes(option))).toEqual([])
})

it.each([
  'README.md',
  'docs/your-own-network.md',
  'docs/losses.md',
  'docs/problem-files.md',
  'experiments/README.md',
])('every option in %s is one of a command', async (file) => {
  const all = new Set([...commands.flatMap((command) => command.options.map(({ long }) => long)), ...shared])
  const named = (await readFile(file, 'utf8')).match(/(?<=[\s`])--[a-z][a-z-]+/g) ?? []
  expect(named.filter((option) => !all.has(option) && !OTHERS.has(option))).toEqual([])
})
