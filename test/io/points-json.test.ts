import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatPointsJson, parseJson, parsePointsJson } from '../../src/io/json.ts'
import { decodeText } from '../../src/io/read-file.ts'
import { pointsFromRows, pointsToRows } from '../../src/points/points.ts'
import { awkwardRows, mutated, parsesOrRefuses } from './only-input-errors.ts'

const valid = new TextEncoder().encode('[[1.5, -2e-3], [0.1, 4],\n [5, 1e308]]')

test('every double comes back with the same bits', () => {
  fc.assert(
    fc.property(awkwardRows, (rows) => {
      expect(pointsToRows(parsePointsJson(formatPointsJson(pointsFromRows(rows))))).toEqual(rows)
    }),
  )
})

test('the text written is plain JSON, one row a line', () => {
  expect(
    formatPointsJson(
      pointsFromRows([
        [1, -0],
        [0.1, 5e-324],
      ]),
    ),
  ).toBe('[\n[1,-0],\n[0.1,5e-324]\n]\n')
})

test.each([
  ['', 'p.json is empty; expected JSON.'],
  [' \n', 'p.json is empty; expected JSON.'],
  ['[[1],', 'p.json is not JSON (Unexpected end of JSON input); expected a valid JSON file.'],
  ['[[NaN]]', "p.json is not JSON (Unexpected token 'N'); expected a valid JSON file."],
  [
    '[[1]]\n\n[2]',
    'p.json is not JSON (Unexpected non-whitespace character after JSON in line 3); expected a valid JSON file.',
  ],
  ['{"points": [[1]]}', 'p.json holds an object; expected an array of rows of numbers.'],
  ['null', 'p.json holds null; expected an array of rows of numbers.'],
  ['3', 'p.json holds the number 3; expected an array of rows of numbers.'],
  ['[]', 'p.json holds no points; expected at least one row.'],
  ['[[]]', 'p.json has no numbers in row 1; expected at least one.'],
  ['[1, 2]', 'p.json has the number 1 in place of row 1; expected an array of rows of numbers.'],
  ['[[1, 2], [3]]', 'p.json has a row 2 of length 1; expected length 2 as in row 1.'],
  ['[[1, "2"]]', 'p.json has the text "2" in row 1, column 2; expected a finite number.'],
  ['[[1], [null]]', 'p.json has null in row 2, column 1; expected a finite number.'],
  ['[[1e999]]', 'p.json has a number beyond 1.8e308 in row 1, column 1; expected a finite number.'],
  ['[[[1]]]', 'p.json has an array in row 1, column 1; expected a finite number.'],
  ['[[true]]', 'p.json has the value true in row 1, column 1; expected a finite number.'],
])('%j is refused', (text, message) => {
  expect(() => parsePointsJson(text, 'p.json')).toThrow(
    expect.objectContaining({ name: 'InputError', message }),
  )
})

test('brackets inside texts do not count as nesting, real nesting beyond 100 levels is refused', () => {
  const brackets = '['.repeat(200)
  expect(parseJson(JSON.stringify([`${brackets}\\"${brackets}`]), 'x')).toEqual([`${brackets}\\"${brackets}`])
  expect(() => parsePointsJson('['.repeat(1e6), 'deep.json')).toThrow(
    /^deep\.json nests deeper than 100 levels/,
  )
  expect(() => parseJson('{"a":'.repeat(1e5), 'deep.json')).toThrow(/^deep\.json nests deeper/)
})

test('a byte order mark is passed over, other bytes than UTF-8 are refused', () => {
  expect(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf, 0x5b), 'x')).toBe('[')
  expect(() => decodeText(Uint8Array.of(0xff, 0xfe), 'x.json')).toThrow(
    'x.json is not UTF-8 text; expected a text file.',
  )
})

test('whatever the text, only an InputError comes out', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc.stringMatching(/^[[\]{},:"0-9eE.+\- tfn\\u]{0,40}$/),
  )
  fc.assert(
    fc.property(text, (value) => parsesOrRefuses(() => parsePointsJson(value))),
    { numRuns: 1500 },
  )
  fc.assert(
    fc.property(mutated(valid), (bytes) => parsesOrRefuses(() => parsePointsJson(decodeText(bytes, 'x')))),
    { numRuns: 1500 },
  )
})
