import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (page: string) => readFileSync(`${root}/${page}`, 'utf8')
const tables = (page: string) =>
  Array.from(
    read(page).matchAll(/<!-- table: npm run readme ?(.*?) ?-->\n(.*?)<!-- end of table -->/gs),
    ([, names, text]) => ({ names: names.split(' ').filter(Boolean), lines: text.trim().split('\n') }),
  )
const nameOf = (row: string) => /^\| `([^`]+)`/.exec(row)?.[1]

const [whole] = tables('README.md')
const pages = readdirSync(`${root}/docs/guide`).map((name) => `docs/guide/${name}`)
const shown = pages.flatMap((page) => tables(page).map((table) => [page, table] as const))

it('some pages of the guide show what was measured', () => expect(shown.length).toBeGreaterThan(2))

it.each(shown)('%s shows the numbers of the README', (_, { names, lines }) => {
  const rows = whole.lines.filter((line) => nameOf(line) !== undefined)
  const wanted = rows.filter((row) => names.length === 0 || names.includes(nameOf(row) ?? ''))
  expect(wanted.length).toBe(names.length || rows.length)
  expect(lines.filter((line) => nameOf(line) !== undefined)).toEqual(wanted)
  expect(lines[0]).toBe(whole.lines[0])
})
