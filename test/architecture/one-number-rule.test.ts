import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const folder = fileURLToPath(new URL('../../experiments', import.meta.url))
// writes numbers that were given, not measured: 0.5 stays 0.5
const GIVEN = 'problem-in-words.ts'

it('measured numbers in the pages of experiments follow the rule of src/report/format.ts', () => {
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && name !== GIVEN,
  )
  const own = pages.filter((name) =>
    /String\(Number\(\w+\.toPrecision|\.toExponential\(/.test(readFileSync(`${folder}/${name}`, 'utf8')),
  )
  expect(pages.length).toBeGreaterThan(50)
  expect(own).toEqual([])
})
