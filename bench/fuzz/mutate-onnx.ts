import { fieldsOf, type Field as WireField } from '../../src/nn/foreign/protobuf.ts'
import type { Random } from '../../src/random/random.ts'
import { mutate, pick } from './mutate.ts'

type Field = Omit<WireField, 'written'>

// Spoils an ONNX file inside its structure: most blind changes end at the first length that does not fit.

/** Which fields of a message are messages (onnx.proto3): model, graph, node, attribute, tensor, value, type, tensor type, shape, dimension. */
const NESTED: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  model: { 7: 'graph', 8: 'set' },
  graph: { 1: 'node', 5: 'tensor', 11: 'value', 12: 'value' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor' },
  value: { 2: 'type' },
  type: { 1: 'tensor-type' },
  'tensor-type': { 2: 'shape' },
  shape: { 1: 'dimension' },
}
const INTEGERS = [0, 1, 2, 3, 7, 10, 11, 13, 127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 53, 2 ** 63, 2 ** 64 - 2048]
const TEXTS = [
  ...'Loop If Scan Expand Tile ConstantOfShape Range Concat Gemm Reshape Gather Pad'.split(' '),
  ...'MatMul Einsum Cast Shape Resize NonZero RandomNormal Softmax OneHot Identity Split'.split(' '),
  ...'t x f c0 v1 v2'.split(' '),
  ...['', 'ai.onnx.ml', 'com.microsoft', '../../etc/passwd', '\u0000', 'n'.repeat(5000)],
]
const KINDS = { integer: 0, bytes: 2 }

/** A valid file with one to three changes, one in five of them blind. */
export function mutateOnnx(valid: Uint8Array, random: Random): Uint8Array {
  let bytes = valid
  const count = 1 + random.integer(3)
  for (let k = 0; k < count; k++)
    try {
      bytes = random.uniform() < 0.2 ? mutate(bytes, random) : changed(bytes, 'model', random)
    } catch {
      // a blind change has left no message to go into
      return bytes
    }
  return bytes
}

function changed(bytes: Uint8Array, message: string, random: Random): Uint8Array {
  const fields = fieldsOf(bytes)
  if (fields.length === 0)
    return encode([{ number: 1 + random.integer(30), integer: 1, bytes: new Uint8Array() }])
  const at = random.integer(fields.length)
  const field = fields[at]
  const inner = NESTED[message]?.[field.number]
  const [before, after] = [fields.slice(0, at), fields.slice(at + 1)]
  if (inner !== undefined && random.uniform() < 0.85)
    return encode([...before, { ...field, bytes: changed(field.bytes, inner, random) }, ...after])
  const choice = random.uniform()
  if (choice < 0.15) return encode([...before, ...after])
  if (choice < 0.3) return encode([...fields, pick(random, fields)])
  if (choice < 0.4) return encode([...before, { ...field, number: 1 + random.integer(30) }, ...after])
  return encode([...before, spoiled(field, random), ...after])
}

function spoiled(field: Field, random: Random): Field {
  if (field.bytes.length === 0) return { ...field, integer: pick(random, INTEGERS) }
  const text = random.uniform() < 0.6
  return {
    ...field,
    bytes: text ? new TextEncoder().encode(pick(random, TEXTS)) : mutate(field.bytes, random),
  }
}

function encode(fields: readonly Field[]): Uint8Array {
  return Uint8Array.from(
    fields.flatMap(({ number, integer, bytes }) =>
      bytes.length > 0
        ? [...varint(number * 8 + KINDS.bytes), ...varint(bytes.length), ...bytes]
        : [...varint(number * 8 + KINDS.integer), ...varint(integer)],
    ),
  )
}

function varint(value: number): number[] {
  const out: number[] = []
  for (let rest = BigInt(Math.max(0, value)); ; rest >>= 7n) {
    if (rest < 128n) return [...out, Number(rest)]
    out.push(Number(rest & 127n) | 128)
  }
}
