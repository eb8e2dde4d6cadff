import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { expect, it } from 'vitest'

it('penguins.csv holds the values of vega-datasets', () => {
  const theirs: Record<string, string | number | null>[] = JSON.parse(
    readFileSync(new URL('../../node_modules/vega-datasets/data/penguins.json', import.meta.url), 'utf8'),
  )
  const ours: Record<string, string>[] = parse(
    readFileSync(new URL('../../data/penguins.csv', import.meta.url)),
    {
      columns: true,
    },
  )
  expect(ours).toEqual(
    theirs.map((row) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key, String(value ?? '')])),
    ),
  )
})
