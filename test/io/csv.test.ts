import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatCsv, parseCsv } from '../../src/io/csv.ts'
import { decodeText, parseNumber } from '../../src/io/read-file.ts'
import { pointsFromRows, pointsToRows } from '../../src/points/points.ts'
import { awkwardRows, mutated, parsesOrRefuses } from './only-input-errors.ts'

const penguins = 'Species,Beak (mm),"Mass, g",Sex\nAdelie,39.1,3750,MALE\nAdelie,,,\nGentoo, 46.1 ,4500,\n'

test('every double comes back with the same bits', () => {
  fc.assert(
    fc.property(awkwardRows, (rows) => {
      const table = parseCsv(formatCsv(pointsFromRows(rows)))
      expect(pointsToRows(table.points)).toEqual(rows)
      expect(table.skipped).toBe(0)
    }),
  )
})

test('takes columns by name, in the order asked for, and counts the rows it skips', () => {
  const table = parseCsv(penguins, { columns: ['Mass, g', 'Beak (mm)'] })
  expect(pointsToRows(table.points)).toEqual([
    [3750, 39.1],
    [4500, 46.1],
  ])
  expect(table.columns).toEqual(['Mass, g', 'Beak (mm)'])
  expect(table.skipped).toBe(1)
})

test.each([
  [
    'no header',
    '1,2\n3,4',
    ['column 1', 'column 2'],
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ['a header', 'a,b\n1,2', ['a', 'b'], [[1, 2]]],
  ['a header with an empty cell, as pandas writes', ',b\n1,2', ['', 'b'], [[1, 2]]],
  ['a byte order mark, CRLF, blank lines', '\ufeffa,b\r\n\r\n1,2\r\n\r\n', ['a', 'b'], [[1, 2]]],
  ['one column', 'x\n1e-3\n+.5\n-2.', ['x'], [[1e-3], [0.5], [-2]]],
  ['quoted numbers', '"a"\n"1"', ['a'], [[1]]],
])('reads a file with %s', (_, text, columns, rows) => {
  const table = parseCsv(text)
  expect(table.columns).toEqual(columns)
  expect(pointsToRows(table.points)).toEqual(rows)
})

test('numbers as names of columns are a header when asked for', () => {
  expect(pointsToRows(parseCsv('2020,2021\n1,2', { columns: ['2021'] }).points)).toEqual([[2]])
})

test.each([
  ['', undefined, 'x is empty; expected rows of numbers.'],
  ['\n\n', undefined, 'x is empty; expected rows of numbers.'],
  ['a,b\n', undefined, 'x has no rows of numbers; expected at least one row of numbers.'],
  [
    'a,b\n1,\n,2\n',
    undefined,
    'x has an empty cell in each of its 2 rows; expected at least one row of numbers.',
  ],
  ['1,2\n3,y', undefined, 'x has "y" in line 2, column 2; expected a finite number.'],
  ['1,b\n3,4', undefined, 'x has "b" in line 1, column 2; expected a finite number.'],
  ['nan,2\n3,4', undefined, 'x has "nan" in line 1, column 1; expected a finite number.'],
  ['a,b\n1,NA', undefined, 'x has "NA" in line 2, column 2; expected a finite number.'],
  ['a,b\n1,Infinity', undefined, 'x has "Infinity" in line 2, column 2; expected a finite number.'],
  ['a,b\n\n\n1,1e999', undefined, 'x has "1e999" in line 4, column 2; expected a finite number.'],
  ['0x10', ['a'], 'x has no column "a"; expected one of 0x10.'],
  ['1;2\n3;4', undefined, 'x has "3;4" in line 2, column 1; expected a finite number.'],
  [
    '1,2\n3',
    undefined,
    'x has rows of different lengths in line 2; expected as many cells as in the first row.',
  ],
  ['a\n"1', undefined, 'x has broken quotes in line 2; expected comma-separated values.'],
  ['1,2', ['a'], 'x has no header row; expected one that names the column "a".'],
  ['a,b\n1,2', ['a', 'c'], 'x has no column "c"; expected one of a, b.'],
  ['a,a\n1,2', ['a'], 'x has two columns "a"; expected different names.'],
  [penguins, ['Species'], 'x has "Adelie" in line 2, column 1; expected a finite number.'],
])('%j with columns %j is refused', (text, columns, message) => {
  const options = columns ? { columns, name: 'x' } : { name: 'x' }
  expect(() => parseCsv(text, options)).toThrow(expect.objectContaining({ name: 'InputError', message }))
})

test.each([
  [
    'semicolons',
    'a;b\n1;2.5\n3;-4e-1',
    [
      [1, 2.5],
      [3, -0.4],
    ],
  ],
  [
    'semicolons and decimal commas',
    '\ufeffa;"b; c"\r\n1,5;2\r\n-,5;1,5e3',
    [
      [1.5, 2],
      [-0.5, 1500],
    ],
  ],
  ['semicolons in names only', '"a; b",c\n1,2', [[1, 2]]],
  ['a semicolon in one row', 'a;b,c\n1,2', [[1, 2]]],
  [
    'tabs',
    'a\tb\n1\t2\n\n3\t4',
    [
      [1, 2],
      [3, 4],
    ],
  ],
  [
    'semicolons and no header',
    '1;2\n3;4',
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ['one column', 'a\n1\n2', [[1], [2]]],
  [
    'line ends of three kinds',
    'a;b\r\n1;2\n3;4\r5;6\r\n',
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
  ],
  [
    'a header of CRLF before rows of LF',
    'a,b\r\n1,2\n3,4.5\r\n-1,0\n',
    [
      [1, 2],
      [3, 4.5],
      [-1, 0],
    ],
  ],
  [
    "Excel's sep=;",
    'sep=;\na;b\n1,5;2\n3;4,5\n',
    [
      [1.5, 2],
      [3, 4.5],
    ],
  ],
  ['sep= in quotes behind a byte order mark, of a single column', '\ufeff"sep=;"\r\na\r\n1,5\r\n', [[1.5]]],
  ['sep= and tabs', 'SEP=\t\r\n1\t2\r\n', [[1, 2]]],
  [
    'tabs and decimal commas',
    'a\tb\n1,5\t2\n0,125\t1,250',
    [
      [1.5, 2],
      [0.125, 1.25],
    ],
  ],
])('reads a table of any dialect, with %s', (_, text, rows) => {
  expect(pointsToRows(parseCsv(text, { anyDialect: true }).points)).toEqual(rows)
})

test.each(['NA', 'n/a', '#N/A', 'NaN', 'null', 'None', '?', '.', '-', ''])(
  'leaves out a row with %j in a table of any dialect, in a chosen column only',
  (cell) => {
    const table = parseCsv(`a,b\n1,2\n3,${cell}\n5,6`, { anyDialect: true })
    expect(pointsToRows(table.points)).toEqual([
      [1, 2],
      [5, 6],
    ])
    expect(table.skipped).toBe(1)
    expect(parseCsv(`a,b\n1,2\n3,${cell}`, { anyDialect: true, columns: ['a'] }).skipped).toBe(0)
  },
)

test.each([
  ['a\tb\n1,500\t2', 'x has 1,500, which may be a decimal number or thousands; expected decimal points.'],
  ['a;b\n1,500;2.5', 'x has both 1,500 and 2.5; expected one decimal sign.'],
  ['a\tb\n1,5\t2.5', 'x has both 1,5 and 2.5; expected one decimal sign.'],
  ['sep=;\na;b\n1;x', 'x has "x" in line 3, column 2; expected a finite number.'],
  ['a;b\n1,500,000;2', 'x has "1,500,000" in line 2, column 1; expected a finite number.'],
  ['a,b\n1,inf', 'x has "inf" in line 2, column 2; expected a finite number.'],
])('%j is refused in any dialect: its numbers could be two', (text, message) => {
  expect(() => parseCsv(text, { anyDialect: true, name: 'x' })).toThrow(
    expect.objectContaining({ name: 'InputError', message }),
  )
})

test.each(['', ' 1', '0x1', '1_000', '1e', 'e5', '.', '1,5', 'Infinity', 'NaN', '١'])(
  '%j is no number',
  (text) => {
    expect(parseNumber(text)).toBeNull()
  },
)

test('whatever the text, only an InputError comes out', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[a-c0-9,".e\-\r\n ;\t]{0,60}$/))
  const columns = fc.option(fc.array(fc.constantFrom('a', 'b', 'Mass, g', ''), { maxLength: 3 }), {
    nil: undefined,
  })
  fc.assert(
    fc.property(text, columns, fc.boolean(), (value, names, anyDialect) =>
      parsesOrRefuses(() => parseCsv(value, names ? { columns: names, anyDialect } : { anyDialect })),
    ),
    { numRuns: 2000 },
  )
  fc.assert(
    fc.property(mutated(new TextEncoder().encode(penguins)), (bytes) =>
      parsesOrRefuses(() => parseCsv(decodeText(bytes, 'x'), { columns: ['Mass, g'] })),
    ),
    { numRuns: 2000 },
  )
})
