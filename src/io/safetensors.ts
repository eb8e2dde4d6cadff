import { BadInput } from './bad-input.ts'
import { half } from './half.ts'
import { parseJson } from './json.ts'
import { decodeText } from './read-file.ts'

/** A named array of a safetensors file, in C order. */
export interface Tensor {
  readonly shape: readonly number[]
  readonly data: Float32Array | Float64Array
}

export interface SafetensorsFile {
  readonly tensors: Readonly<Record<string, Tensor>>
  readonly metadata: Readonly<Record<string, string>>
}

type Reader = (view: DataView, at: number) => number

interface ValueType {
  /** Bytes of a value. */
  readonly bytes: number
  readonly read: Reader
  /** What the values are kept in, all without loss but integers beyond 2^53. */
  readonly array: typeof Float32Array | typeof Float64Array
}

const TYPES: Readonly<Record<string, ValueType>> = {
  F64: { bytes: 8, array: Float64Array, read: (view, at) => view.getFloat64(at, true) },
  F32: { bytes: 4, array: Float32Array, read: (view, at) => view.getFloat32(at, true) },
  F16: { bytes: 2, array: Float32Array, read: (view, at) => half(view.getUint16(at, true)) },
  BF16: { bytes: 2, array: Float32Array, read: bfloat },
  I64: { bytes: 8, array: Float64Array, read: (view, at) => Number(view.getBigInt64(at, true)) },
  I32: { bytes: 4, array: Float64Array, read: (view, at) => view.getInt32(at, true) },
  I16: { bytes: 2, array: Float32Array, read: (view, at) => view.getInt16(at, true) },
  I8: { bytes: 1, array: Float32Array, read: (view, at) => view.getInt8(at) },
  U64: { bytes: 8, array: Float64Array, read: (view, at) => Number(view.getBigUint64(at, true)) },
  U32: { bytes: 4, array: Float64Array, read: (view, at) => view.getUint32(at, true) },
  U16: { bytes: 2, array: Float32Array, read: (view, at) => view.getUint16(at, true) },
  U8: { bytes: 1, array: Float32Array, read: (view, at) => view.getUint8(at) },
  BOOL: { bytes: 1, array: Float32Array, read: (view, at) => view.getUint8(at) },
}

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/**
 * The bytes of a safetensors file (https://github.com/huggingface/safetensors#format): the length of the header as
 * u64, the header in JSON, the values; all little-endian. The same tensors give the same bytes.
 *
 * @param tensors by name, in any order; data has as many values as the shape says
 * @throws InputError when a shape does not fit its data
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  // wide values first, so that every tensor starts at a multiple of its own width
  const sorted = Object.entries(tensors).sort(([a, x], [b, y]) => width(y) - width(x) || (a < b ? -1 : 1))
  let size = 0
  const entries = sorted.map(([name, tensor]): [string, unknown] => {
    if (name === '__metadata__') throw new BadInput(`the tensor ${name}`, 'has a reserved name', 'another')
    if (count(tensor.shape) !== tensor.data.length) {
      const expected = `${count(tensor.shape)} for its shape [${tensor.shape.join(', ')}]`
      throw new BadInput(`the tensor ${name}`, `has ${tensor.data.length} values`, expected)
    }
    const start = size
    size += tensor.data.length * width(tensor)
    return [name, { dtype: `F${8 * width(tensor)}`, shape: tensor.shape, data_offsets: [start, size] }]
  })
  const first: [string, unknown][] = Object.keys(metadata).length > 0 ? [['__metadata__', metadata]] : []
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries([...first, ...entries])))
  const start = 8 + Math.ceil(json.length / 8) * 8
  const bytes = new Uint8Array(start + size)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(start - 8), true)
  bytes.fill(0x20, 8, start).set(json, 8)
  let at = start
  for (const [, { data }] of sorted) {
    for (let i = 0; i < data.length; i++, at += data.BYTES_PER_ELEMENT) {
      if (data instanceof Float64Array) view.setFloat64(at, data[i], true)
      else view.setFloat32(at, data[i], true)
    }
  }
  return bytes
}

/**
 * The tensors and metadata in the bytes of a safetensors file. F64 and F32 values are views of the bytes where they are aligned.
 *
 * @param name what to call the file in an error
 * @param wanted the tensors to read, where they are there; all unless given. The others may have types that cannot be read here
 * @throws InputError when the bytes are not such a file (the tensors must fill it without gaps or overlaps), or a tensor to read
 * holds neither numbers of 16 bits or more nor integers
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  name = 'the safetensors data',
  wanted?: readonly string[],
): SafetensorsFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = bytes.length < 8 ? Infinity : Number(view.getBigUint64(0, true))
  if (8 + length > bytes.length)
    throw new BadInput(name, 'ends inside its header', 'a whole safetensors file')
  const header = parseJson(decodeText(bytes.subarray(8, 8 + length), name), name)
  if (!isRecord(header)) throw new BadInput(name, 'has a header that is no object', 'a safetensors file')
  const { __metadata__: metadata = {}, ...rest } = header
  if (!isRecord(metadata) || Object.values(metadata).some((value) => typeof value !== 'string'))
    throw new BadInput(name, 'has metadata that is no map of texts', 'a safetensors file')

  const start = 8 + length
  const entries = Object.entries(rest).map(([key, entry]) => checkEntry(key, entry, name))
  let end = 0
  for (const entry of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (entry.begin !== end)
      throw new BadInput(
        name,
        `has a gap or an overlap before the tensor ${entry.key}`,
        'tensors one after the other',
      )
    end = entry.end
  }
  if (start + end !== bytes.length)
    throw new BadInput(name, `holds ${bytes.length - start} bytes of values`, `${end} by its header`)
  const tensors = entries
    .filter(({ key }) => wanted === undefined || wanted.includes(key))
    .map(({ key, shape, dtype, begin, end: stop }): [string, Tensor] => {
      const type = Object.hasOwn(TYPES, dtype) ? TYPES[dtype] : undefined
      if (type === undefined)
        throw new BadInput(
          name,
          `has the type ${dtype} for the tensor ${key}`,
          `one of ${Object.keys(TYPES).join(', ')}`,
        )
      if (stop - begin !== count(shape) * type.bytes)
        throw new BadInput(
          name,
          `has offsets that do not fit its shape for the tensor ${key}`,
          'a safetensors file',
        )
      return [key, { shape, data: values(view, type, start + begin, count(shape)) }]
    })
  return { tensors: Object.fromEntries(tensors), metadata: metadata as Record<string, string> }
}

function checkEntry(key: string, entry: unknown, name: string) {
  const bad = (what: string) => new BadInput(name, `has ${what} for the tensor ${key}`, 'a safetensors file')
  if (!isRecord(entry)) throw bad('no object')
  const { dtype, shape, data_offsets: offsets } = entry
  if (typeof dtype !== 'string') throw bad('no type')
  if (!isSizes(shape) || !Number.isSafeInteger(count(shape))) throw bad('an impossible shape')
  if (!isSizes(offsets) || offsets.length !== 2) throw bad('impossible offsets')
  const [begin, end] = offsets as [number, number]
  if (begin > end) throw bad('impossible offsets')
  return { key, shape, dtype, begin, end }
}

function values(view: DataView, type: ValueType, start: number, length: number): Tensor['data'] {
  const { bytes, array, read } = type
  const at = view.byteOffset + start
  if (littleEndian && (type === TYPES.F64 || type === TYPES.F32) && at % bytes === 0)
    return new array(view.buffer as ArrayBuffer, at, length)
  const data = new array(length)
  for (let i = 0; i < length; i++) data[i] = read(view, start + i * bytes)
  return data
}

/** The upper half of a float32. */
function bfloat(view: DataView, at: number): number {
  const float = new DataView(new ArrayBuffer(4))
  float.setUint16(2, view.getUint16(at, true), true)
  return float.getFloat32(0, true)
}

function width(tensor: Tensor): number {
  return tensor.data.BYTES_PER_ELEMENT
}

function count(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
}
