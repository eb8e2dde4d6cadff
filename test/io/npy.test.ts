import fc from 'fast-check'
import { dump, parse as peerParse } from 'npyjs'
import { expect, test } from 'vitest'
import { formatNpy, parseNpy, parseNpyHeader } from '../../src/io/npy.ts'
import { points, pointsFromRows, pointsToRows } from '../../src/points/points.ts'
import { awkwardRows, mutated, parsesOrRefuses } from './only-input-errors.ts'

/** An .npy file from its parts. */
function npy(header: string, body: Uint8Array, version = 1): Uint8Array {
  const size = version === 1 ? 2 : 4
  const length = Uint8Array.from({ length: size }, (_, i) => (header.length >> (8 * i)) & 255)
  const text = new TextEncoder().encode(header)
  return Uint8Array.from([
    0x93,
    ...new TextEncoder().encode('NUMPY'),
    version,
    0,
    ...length,
    ...text,
    ...body,
  ])
}

const two = new Uint8Array(Float64Array.of(1.5, -2).buffer)
const header = (shape: string, descr = '<f8', order = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`

test('every double comes back with the same bits', () => {
  fc.assert(
    fc.property(awkwardRows, (rows) => {
      expect(pointsToRows(parseNpy(formatNpy(pointsFromRows(rows))))).toEqual(rows)
    }),
  )
})

test('points with strides of their own are written in C order', () => {
  const transposed = pointsFromRows([
    [1, 2, 3],
    [4, 5, 6],
  ]).transpose(1, 0)
  expect(pointsToRows(parseNpy(formatNpy(transposed)))).toEqual([
    [1, 4],
    [2, 5],
    [3, 6],
  ])
})

// written by numpy 2 with np.save
test.each([
  [
    '<f8',
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAD4PwAAAAAAAACAAQAAAAAAAACgyOuF88zhfw==',
    [
      [1.5, -0],
      [5e-324, 1e308],
    ],
  ],
  [
    '>i4 in Fortran order',
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPmk0JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAABAAAABAAAAAIAAAAFAAAAAwAAAAY=',
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  ],
  [
    '<i8 of one dimension',
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAAAAAAAAAAIAAAAAAAAAAwAAAAAAAAA=',
    [[1], [2], [3]],
  ],
  [
    '>f4',
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPmY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDEpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAo9zMzNPkzMzQ==',
    [[Math.fround(0.1)], [Math.fround(0.2)]],
  ],
])('reads what numpy writes: %s', (_, base64, rows) => {
  expect(pointsToRows(parseNpy(Uint8Array.from(Buffer.from(base64, 'base64'))))).toEqual(rows)
})

/** [300, −2] of a type, as numpy has them: modulo the range of the type. */
const typed: readonly [string, Uint8Array, number[]][] = [
  ['<f2', Uint8Array.of(0xb0, 0x5c, 0x00, 0xc0), [300, -2]],
  ['>f2', Uint8Array.of(0x5c, 0xb0, 0xc0, 0x00), [300, -2]],
  ['|i1', Uint8Array.of(44, 254), [44, -2]],
  ['|u1', Uint8Array.of(44, 254), [44, 254]],
  ['|b1', Uint8Array.of(1, 0), [1, 0]],
  ['<i2', new Uint8Array(Int16Array.of(300, -2).buffer), [300, -2]],
  ['>i2', Uint8Array.of(1, 44, 255, 254), [300, -2]],
  ['<u2', new Uint8Array(Uint16Array.of(300, 65_534).buffer), [300, 65_534]],
  ['<i4', new Uint8Array(Int32Array.of(300, -2).buffer), [300, -2]],
  ['<u4', new Uint8Array(Uint32Array.of(300, 4_294_967_294).buffer), [300, 4_294_967_294]],
  ['<i8', new Uint8Array(BigInt64Array.of(300n, -2n).buffer), [300, -2]],
  ['<u8', new Uint8Array(BigUint64Array.of(300n, 2n ** 60n).buffer), [300, 2 ** 60]],
]

test.each(typed)('reads values of type %s', (descr, body, row) => {
  expect(pointsToRows(parseNpy(npy(header('(1, 2)', descr), body)))).toEqual([row])
})

test('reads the long integers in headers of Python 2', () => {
  expect(pointsToRows(parseNpy(npy(header('(1L, 2L)'), two)))).toEqual([[1.5, -2]])
  expect(pointsToRows(parseNpy(npy(header('(2L,)'), two)))).toEqual([[1.5], [-2]])
})

test('writes the very bytes that numpy writes', () => {
  const numpy =
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAD4PwAAAAAAAACAAQAAAAAAAACgyOuF88zhfw=='
  expect(
    Buffer.from(
      formatNpy(
        pointsFromRows([
          [1.5, -0],
          [5e-324, 1e308],
        ]),
      ),
    ).toString('base64'),
  ).toBe(numpy)
})

test('npyjs reads what is written here, and the other way round', () => {
  fc.assert(
    fc.property(awkwardRows, (rows) => {
      const bytes = formatNpy(pointsFromRows(rows))
      const theirs = peerParse(bytes.slice().buffer)
      expect(theirs.shape).toEqual([rows.length, rows[0].length])
      expect(theirs.fortranOrder).toBe(false)
      expect(Array.from(theirs.data as Float64Array)).toEqual(rows.flat())
      const back = dump(Float64Array.from(rows.flat()), [rows.length, rows[0].length], { dtype: 'f8' })
      expect(pointsToRows(parseNpy(new Uint8Array(back)))).toEqual(rows)
    }),
  )
})

test.each([1, 2, 3])('reads version %d', (version) => {
  expect(pointsToRows(parseNpy(npy(header('(1, 2)'), two, version)))).toEqual([[1.5, -2]])
})

test('reads bytes that start in the middle of their buffer', () => {
  const file = npy(header('(2, 1)'), two)
  const shifted = Uint8Array.from([1, 2, 3, ...file]).subarray(3)
  expect(pointsToRows(parseNpy(shifted))).toEqual([[1.5], [-2]])
})

test('entries may come in any order, with either quotes, with or without a comma at the end', () => {
  const text = '{"shape":(2,3),"fortran_order":True,"descr":">i8"}'
  expect(parseNpyHeader(text, 'x')).toEqual({ descr: '>i8', fortranOrder: true, shape: [2, 3] })
  expect(parseNpyHeader("{'descr': '<f8', 'fortran_order': False, 'shape': (), }", 'x').shape).toEqual([])
})

test.each([
  ['an expression in place of a shape', "{'descr': '<f8', 'fortran_order': False, 'shape': (1+1, 1), }"],
  ['a bracket that is no tuple', "{'descr': '<f8', 'fortran_order': False, 'shape': (3), }"],
  ['a comma alone', "{'descr': '<f8', 'fortran_order': False, 'shape': (,), }"],
  ['a size of 16 digits', "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000000, ), }"],
  ['a negative size', "{'descr': '<f8', 'fortran_order': False, 'shape': (-1, 2), }"],
  ['an entry twice', "{'descr': '<f8', 'descr': '<f8', 'shape': (1, 2), }"],
  ['an unknown entry', "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), 'x': 'y', }"],
  ['two entries alone', "{'descr': '<f8', 'fortran_order': False}"],
  ['a record type', "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1, 2), }"],
  ['quotes that do not match', "{'descr\": '<f8', 'fortran_order': False, 'shape': (1, 2), }"],
  ['text after the end', "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), } x"],
  ['text before the start', "x{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }"],
  ['an L alone', "{'descr': '<f8', 'fortran_order': False, 'shape': (L, 2), }"],
  ['an empty text', ''],
])('a header with %s is refused', (_, text) => {
  expect(() => parseNpyHeader(text, 'x.npy')).toThrow(
    /^x\.npy has the header .*; expected the entries 'descr'/,
  )
})

test.each([
  ['no magic', Uint8Array.of(1, 2, 3), 'x is no .npy file'],
  ['nothing', new Uint8Array(), 'x is no .npy file'],
  ['version 4', npy(header('(1, 2)'), two, 4), 'x is an .npy file of version 4'],
  ['magic alone', npy('', two).subarray(0, 6), 'x is an .npy file of version 0'],
  ['half a header', npy(header('(1, 2)'), two).subarray(0, 30), 'x ends inside its header'],
  ['more claimed than there is', npy(header('(9999999999, 99999)'), two), 'x holds 16 bytes of values'],
  [
    'less claimed than there is',
    npy(header('(1, 1)'), two),
    'x holds 16 bytes of values; expected 8 for its shape (1, 1)',
  ],
  ['complex numbers', npy(header('(1, 1)', '<c16'), two), "x holds values of type '<c16'"],
  ['a byte order mark of wide values', npy(header('(1, 2)', '|f8'), two), "x holds values of type '|f8'"],
  ['native byte order', npy(header('(1, 2)', '=f8'), two), "x holds values of type '=f8'"],
  [
    'a property of all objects',
    npy(header('(1, 2)', '<constructor'), two),
    "x holds values of type '<constructor'",
  ],
  ['three dimensions', npy(header('(1, 1, 2)'), two), 'x holds an array of 3 dimensions'],
  ['a scalar', npy(header('()'), two.slice(8)), 'x holds an array of 0 dimensions'],
  ['no rows', npy(header('(0, 2)'), new Uint8Array()), 'x holds no points'],
  ['NaN', formatNpy(points(Float64Array.of(1, 2, 3, Number.NaN), 2)), 'x has NaN in row 2, column 2'],
  [
    'NaN in Fortran order',
    npy(header('(2, 1)', '<f8', 'True'), new Uint8Array(Float64Array.of(1, Number.NaN).buffer)),
    'x has NaN in row 2, column 1',
  ],
  ['an infinity', formatNpy(points(Float64Array.of(1, -Infinity), 2)), 'x has -Infinity in row 1, column 2'],
])('%s is refused', (_, bytes, message) => {
  expect(() => parseNpy(bytes, 'x')).toThrow(message)
})

test('whatever the bytes, only an InputError comes out', () => {
  const start = fc
    .uint8Array({ maxLength: 60 })
    .map((bytes) => npy(Buffer.from(bytes).toString('latin1'), two))
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => parsesOrRefuses(() => parseNpy(bytes))),
    { numRuns: 1000 },
  )
  fc.assert(
    fc.property(start, (bytes) => parsesOrRefuses(() => parseNpy(bytes))),
    { numRuns: 1000 },
  )
  for (const file of [npy(header('(1, 2)'), two), npy(header('(2,)', '>i8'), two, 2)])
    fc.assert(
      fc.property(mutated(file), (bytes) => parsesOrRefuses(() => parseNpy(bytes))),
      { numRuns: 2000 },
    )
})
