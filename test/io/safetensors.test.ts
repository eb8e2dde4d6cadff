import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeSafetensors, encodeSafetensors, type Tensor } from '../../src/io/safetensors.ts'
import { awkwardDouble, mutated, parsesOrRefuses } from './only-input-errors.ts'

/** A safetensors file from its header and the bytes of its values. */
function file(header: unknown, values: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = new Uint8Array(8 + json.length + values)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true)
  bytes.set(json, 8)
  return bytes
}

const shape = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 })
const tensor: fc.Arbitrary<Tensor> = fc.tuple(shape, fc.boolean()).chain(([sizes, wide]) => {
  const length = sizes.reduce((a, b) => a * b, 1)
  return fc
    .array(awkwardDouble, { minLength: length, maxLength: length })
    .map((values) => ({ shape: sizes, data: wide ? Float64Array.from(values) : Float32Array.from(values) }))
})
const names = fc
  .oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'é "quoted"'))
  .filter((name) => name !== '__metadata__')

test('tensors and metadata come back with the same bits, whatever their names', () => {
  fc.assert(
    fc.property(fc.dictionary(names, tensor), fc.dictionary(names, fc.string()), (tensors, metadata) => {
      const back = decodeSafetensors(encodeSafetensors(tensors, metadata))
      expect(Object.keys(back.tensors).sort()).toEqual(Object.keys(tensors).sort())
      for (const [name, { shape, data }] of Object.entries(tensors)) {
        expect(back.tensors[name].shape).toEqual(shape)
        expect(back.tensors[name].data).toEqual(data)
      }
      expect(Object.entries(back.metadata)).toEqual(Object.entries(metadata))
    }),
  )
})

test('NaN and infinities of a network come back too', () => {
  const data = Float32Array.of(Number.NaN, Infinity, -Infinity)
  expect(decodeSafetensors(encodeSafetensors({ w: { shape: [3], data } })).tensors.w.data).toEqual(data)
})

test('the bytes are those of the format: aligned values, wide first, names in order', () => {
  const bytes = encodeSafetensors({
    b: { shape: [1], data: Float32Array.of(2) },
    a: { shape: [1], data: Float32Array.of(1) },
    z: { shape: [1, 1], data: Float64Array.of(3) },
  })
  const view = new DataView(bytes.buffer)
  const length = Number(view.getBigUint64(0, true))
  expect(length % 8).toBe(0)
  expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))).toEqual({
    z: { dtype: 'F64', shape: [1, 1], data_offsets: [0, 8] },
    a: { dtype: 'F32', shape: [1], data_offsets: [8, 12] },
    b: { dtype: 'F32', shape: [1], data_offsets: [12, 16] },
  })
  expect([
    view.getFloat64(8 + length, true),
    view.getFloat32(16 + length, true),
    view.getFloat32(20 + length, true),
  ]).toEqual([3, 1, 2])
  expect(bytes.length).toBe(24 + length)
})

test('the order in which tensors are given does not change the bytes', () => {
  const a = { shape: [1], data: Float32Array.of(1) }
  const b = { shape: [1], data: Float32Array.of(2) }
  expect(encodeSafetensors({ a, b })).toEqual(encodeSafetensors({ b, a }))
})

const w = { dtype: 'F32', shape: [2], data_offsets: [0, 8] }
test.each([
  ['nothing', new Uint8Array(), 'x ends inside its header'],
  ['a header longer than the file', file({ w }, 8).subarray(0, 20), 'x ends inside its header'],
  ['a header of 2^63 bytes', Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0x80, 1), 'x ends inside its header'],
  ['a header that is no JSON', file('{', 0), 'x is not JSON'],
  ['a header that is an array', file([], 0), 'x has a header that is no object'],
  ['metadata that is no text', file({ __metadata__: { a: 1 } }, 0), 'x has metadata that is no map of texts'],
  ['a tensor that is null', file({ w: null }, 0), 'x has no object for the tensor w'],
  ['another type', file({ w: { ...w, dtype: 'F8_E4M3' } }, 8), 'x has the type F8_E4M3 for the tensor w'],
  [
    'a type that every object has',
    file({ w: { ...w, dtype: 'constructor' } }, 8),
    'x has the type constructor',
  ],
  ['a type that is no text', file({ w: { ...w, dtype: 1 } }, 8), 'x has no type for the tensor w'],
  ['a negative size', file({ w: { ...w, shape: [-2] } }, 8), 'x has an impossible shape for the tensor w'],
  ['a size beyond 2^53', file({ w: { ...w, shape: [2 ** 40, 2 ** 40] } }, 8), 'x has an impossible shape'],
  ['offsets that go back', file({ w: { ...w, data_offsets: [8, 0] } }, 8), 'x has impossible offsets'],
  [
    'offsets of the wrong length',
    file({ w: { ...w, shape: [3] } }, 8),
    'x has offsets that do not fit its shape',
  ],
  ['three offsets', file({ w: { ...w, data_offsets: [0, 8, 8] } }, 8), 'x has impossible offsets'],
  [
    'a gap',
    file({ w: { ...w, data_offsets: [4, 12] } }, 12),
    'x has a gap or an overlap before the tensor w',
  ],
  ['an overlap', file({ w, v: w }, 8), 'x has a gap or an overlap before the tensor v'],
  ['values that are not there', file({ w }, 4), 'x holds 4 bytes of values; expected 8 by its header'],
  ['values that nobody names', file({ w }, 12), 'x holds 12 bytes of values; expected 8 by its header'],
])('%s is refused', (_, bytes, message) => {
  expect(() => decodeSafetensors(bytes, 'x')).toThrow(message)
})

test.each([
  ['I64', [1, -2], new Uint8Array(BigInt64Array.of(1n, -2n).buffer)],
  ['I32', [1, -2], new Uint8Array(Int32Array.of(1, -2).buffer)],
  ['I16', [1, -2], new Uint8Array(Int16Array.of(1, -2).buffer)],
  ['I8', [1, -2], new Uint8Array(Int8Array.of(1, -2).buffer)],
  ['U64', [1, 2 ** 40], new Uint8Array(BigUint64Array.of(1n, 2n ** 40n).buffer)],
  ['U32', [1, 2 ** 31], new Uint8Array(Uint32Array.of(1, 2 ** 31).buffer)],
  ['U16', [1, 65535], new Uint8Array(Uint16Array.of(1, 65535).buffer)],
  ['U8', [1, 255], Uint8Array.of(1, 255)],
  ['BOOL', [1, 0], Uint8Array.of(1, 0)],
  ['F16', [1, -0.5], new Uint8Array(Uint16Array.of(0x3c00, 0xb800).buffer)],
] as const)('numbers of type %s are read', (dtype, expected, values) => {
  const bytes = file({ w: { dtype, shape: [2], data_offsets: [0, values.length] } }, values.length)
  bytes.set(values, bytes.length - values.length)
  expect([...decodeSafetensors(bytes).tensors.w.data]).toEqual(expected)
})

test('only the tensors that are wanted are read, so that the others may have any type', () => {
  const bytes = file(
    { a: { dtype: 'F8_E5M2', shape: [8], data_offsets: [0, 8] }, w: { ...w, data_offsets: [8, 16] } },
    16,
  )
  expect(Object.keys(decodeSafetensors(bytes, 'x', ['w', 'missing']).tensors)).toEqual(['w'])
  expect(() => decodeSafetensors(bytes, 'x')).toThrow('x has the type F8_E5M2 for the tensor a')
})

test('values that are not aligned are read all the same', () => {
  const bytes = file(
    { a: { dtype: 'U8', shape: [1], data_offsets: [0, 1] }, w: { ...w, data_offsets: [1, 9] } },
    9,
  )
  new DataView(bytes.buffer).setFloat32(bytes.length - 8, 2.5, true)
  expect([...decodeSafetensors(bytes).tensors.w.data]).toEqual([2.5, 0])
})

test('shapes that do not fit and the reserved name are refused when writing', () => {
  const data = Float32Array.of(1, 2)
  expect(() => encodeSafetensors({ w: { shape: [3], data } })).toThrow(
    'the tensor w has 2 values; expected 3',
  )
  expect(() => encodeSafetensors({ __metadata__: { shape: [2], data } })).toThrow(
    'the tensor __metadata__ has a reserved name',
  )
})

test('whatever the bytes, only an InputError comes out', () => {
  const valid = encodeSafetensors(
    { w: { shape: [2], data: Float32Array.of(1, 2) }, v: { shape: [], data: Float64Array.of(3) } },
    { a: 'b' },
  )
  const header = fc.tuple(fc.json(), fc.nat(20)).map(([json, values]) => file(json, values))
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) =>
      parsesOrRefuses(() => decodeSafetensors(bytes)),
    ),
    { numRuns: 1000 },
  )
  fc.assert(
    fc.property(header, (bytes) => parsesOrRefuses(() => decodeSafetensors(bytes))),
    { numRuns: 1000 },
  )
  fc.assert(
    fc.property(mutated(valid), (bytes) => parsesOrRefuses(() => decodeSafetensors(bytes))),
    { numRuns: 3000 },
  )
})
