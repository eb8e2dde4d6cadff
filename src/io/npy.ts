import { type Points, points, rowMajor } from '../points/points.ts'
import { BadInput } from './bad-input.ts'
import { half } from './half.ts'

/** What the header of an .npy file says. */
interface NpyHeader {
  /** The type of the values as NumPy writes it, such as '<f8'. */
  readonly descr: string
  readonly fortranOrder: boolean
  readonly shape: readonly number[]
}

// a key, and a value of one of the three forms that occur: a text, True or False, a tuple of whole numbers (Python 2: 3L)
const ENTRY =
  /\s*(?<quote>['"])(?<key>\w+)\k<quote>\s*:\s*(?:(?<mark>['"])(?<text>[<>|=]?\w+)\k<mark>|(?<flag>True|False)|\((?<tuple>[\d\s,L]*)\))\s*(?:,|(?=\}))/y

/**
 * Reads the Python dictionary in an .npy header, such as `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }`,
 * and nothing else: no expression is evaluated.
 *
 * @throws InputError when the text is not such a dictionary with each of the three entries once
 */
export function parseNpyHeader(text: string, name: string): NpyHeader {
  const open = /^\s*\{/.exec(text)
  const found = new Map<string, Record<string, string | undefined>>()
  let at = open?.[0].length ?? text.length
  while (found.size < 3) {
    ENTRY.lastIndex = at
    const groups = ENTRY.exec(text)?.groups
    if (groups === undefined || found.has(groups.key)) break
    found.set(groups.key, groups)
    at = ENTRY.lastIndex
  }
  const descr = found.get('descr')?.text
  const flag = found.get('fortran_order')?.flag
  const shape = parseTuple(found.get('shape')?.tuple)
  if (descr === undefined || flag === undefined || shape === null || text.slice(at).trim() !== '}') {
    const shown = JSON.stringify(text.trim().slice(0, 80))
    throw new BadInput(name, `has the header ${shown}`, "the entries 'descr', 'fortran_order' and 'shape'")
  }
  return { descr, fortranOrder: flag === 'True', shape }
}

// a Python tuple without its brackets: nothing, '3,', '3, 2' or '3, 2,'
function parseTuple(text: string | undefined): number[] | null {
  if (text === undefined) return null
  if (text.trim() === '') return []
  if (!/^\s*\d{1,15}L?\s*,(?:\s*\d{1,15}L?\s*,)*(?:\s*\d{1,15}L?)?\s*$/.test(text)) return null
  const parts = text.split(',').map((part) => part.replace('L', '').trim())
  return parts.filter((part) => part !== '').map(Number)
}

// '\x93NUMPY'
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

type Reader = (view: DataView, at: number, little: boolean) => number

const READERS = new Map<string, { readonly bytes: number; readonly read: Reader }>([
  ['f8', { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) }],
  ['f4', { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) }],
  ['f2', { bytes: 2, read: (view, at, little) => half(view.getUint16(at, little)) }],
  ['i8', { bytes: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) }],
  ['i4', { bytes: 4, read: (view, at, little) => view.getInt32(at, little) }],
  ['i2', { bytes: 2, read: (view, at, little) => view.getInt16(at, little) }],
  ['i1', { bytes: 1, read: (view, at) => view.getInt8(at) }],
  ['u8', { bytes: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) }],
  ['u4', { bytes: 4, read: (view, at, little) => view.getUint32(at, little) }],
  ['u2', { bytes: 2, read: (view, at, little) => view.getUint16(at, little) }],
  ['u1', { bytes: 1, read: (view, at) => view.getUint8(at) }],
  ['b1', { bytes: 1, read: (view, at) => (view.getUint8(at) === 0 ? 0 : 1) }],
])

/**
 * Points from the bytes of a NumPy .npy file, versions 1 to 3 (numpy.lib.format): f2 to f8, i1 to i8, u1 to u8 or b1 in either byte
 * order, C or Fortran order. An array of shape [n] is read as [n, 1]. Integers beyond 2^53 are rounded.
 *
 * @param name what to call the file in an error
 * @param images whether an array of more dimensions in C order, such as [n, height, width], is read as [n, height · width]
 * @returns shape [n, d], n ≥ 1, d ≥ 1
 * @throws InputError when the bytes are no such file, hold less or more than the header says, or a value is not finite
 */
export function parseNpy(
  bytes: Uint8Array,
  name = 'the npy data',
  { images = false }: { readonly images?: boolean } = {},
): Points {
  const layout = npyLayout(bytes, bytes.length, name, images)
  const { n, d, bytes: width, little, end, fortranOrder, read } = layout
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const data = new Float64Array(n * d)
  for (let k = 0; k < n * d; k++) {
    const value = read(view, end + k * width, little)
    const i = fortranOrder ? k % n : Math.floor(k / d)
    const j = fortranOrder ? Math.floor(k / n) : k % d
    if (!Number.isFinite(value))
      throw new BadInput(name, `has ${value} in row ${i + 1}, column ${j + 1}`, 'a finite number')
    data[i * d + j] = value
  }
  return points(data, d)
}

/** Where the values of an .npy file are. */
interface NpyLayout {
  /** shape [n, d] */
  readonly n: number
  readonly d: number
  readonly fortranOrder: boolean
  /** Bytes of a value, whether the least significant comes first, and how it is read. */
  readonly bytes: number
  readonly little: boolean
  readonly read: Reader
  /** Where the values start. */
  readonly end: number
}

/**
 * What the beginning of an .npy file says.
 *
 * @param size bytes of the whole file
 * @throws InputError as `parseNpy` does
 */
export function npyLayout(bytes: Uint8Array, size: number, name: string, images = false): NpyLayout {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { text, end } = headerText(bytes, view, name)
  const { descr, fortranOrder, shape } = parseNpyHeader(text, name)
  const reader = READERS.get(descr.slice(1))
  // a value of one byte has no order of bytes
  if (reader === undefined || !(reader.bytes === 1 ? /^[|<>]/ : /^[<>]/).test(descr))
    throw new BadInput(name, `holds values of type '${descr}'`, 'f8, f4, f2, i1 to i8, u1 to u8 or b1')
  if (shape.length < 1 || (shape.length > 2 && !images))
    throw new BadInput(name, `holds an array of ${shape.length} dimensions`, 'one of shape (n, d) or (n,)')
  if (shape.length > 2 && fortranOrder)
    throw new BadInput(name, `holds an array of ${shape.length} dimensions in Fortran order`, 'C order')
  const [n, d] = [shape[0], shape.slice(1).reduce((product, length) => product * length, 1)]
  if (n === 0 || d === 0)
    throw new BadInput(name, `holds no points, its shape is (${shape.join(', ')})`, 'at least one')
  if (end + n * d * reader.bytes !== size)
    throw new BadInput(
      name,
      `holds ${size - end} bytes of values`,
      `${n * d * reader.bytes} for its shape (${shape.join(', ')})`,
    )
  return { n, d, fortranOrder, ...reader, little: descr.startsWith('<'), end }
}

/** The bytes of a version 1 .npy file: '<f8', C order, shape (n, d). */
export function formatNpy(X: Points): Uint8Array {
  const [header, values] = [npyHeader(X.shape[0], X.shape[1]), npyValues(X)]
  const bytes = new Uint8Array(header.length + values.length)
  bytes.set(header)
  bytes.set(values, header.length)
  return bytes
}

/** What such a file starts with, up to its values. */
export function npyHeader(n: number, d: number): Uint8Array {
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (${n}, ${d}), }`
  // numpy pads with spaces so that the values start at a multiple of 64 bytes
  const start = Math.ceil((MAGIC.length + 4 + header.length + 1) / 64) * 64
  const bytes = new Uint8Array(start)
  bytes.set([...MAGIC, 1, 0])
  new DataView(bytes.buffer).setUint16(8, start - 10, true)
  bytes.set(new TextEncoder().encode(`${header.padEnd(start - 11)}\n`), 10)
  return bytes
}

/** The values of such a file. */
export function npyValues(X: Points): Uint8Array {
  const data = rowMajor(X)
  const bytes = new Uint8Array(data.length * 8)
  const view = new DataView(bytes.buffer)
  for (let k = 0; k < data.length; k++) view.setFloat64(k * 8, data[k], true)
  return bytes
}

function headerText(bytes: Uint8Array, view: DataView, name: string): { text: string; end: number } {
  if (!MAGIC.every((byte, i) => bytes[i] === byte))
    throw new BadInput(name, 'is no .npy file', 'the bytes \\x93NUMPY at its start')
  const version = bytes[6] ?? 0
  if (version < 1 || version > 3)
    throw new BadInput(name, `is an .npy file of version ${version}`, '1, 2 or 3')
  const start = version === 1 ? 10 : 12
  const length =
    bytes.length < start ? Infinity : version === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (start + length > bytes.length) throw new BadInput(name, 'ends inside its header', 'a whole .npy file')
  return {
    text: new TextDecoder('latin1').decode(bytes.subarray(start, start + length)),
    end: start + length,
  }
}
