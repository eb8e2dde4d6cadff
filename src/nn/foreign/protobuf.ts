/** A field of a message in the wire format of protocol buffers. */
export interface Field {
  readonly number: number
  /** Of integers, as far as a double has them; 0 otherwise. */
  readonly integer: number
  /** Of texts, messages and packed lists; empty otherwise. */
  readonly bytes: Uint8Array
  /** The field as it is written, with its number. */
  readonly written: Uint8Array
}

/** Bytes that are no message. */
export class WireError extends Error {}

const INTEGER = 0
const EIGHT_BYTES = 1
const BYTES = 2
const FOUR_BYTES = 5
const LONGEST_VARINT = 10
const NONE = new Uint8Array()

/**
 * The fields of a message, in order.
 *
 * @throws WireError where the bytes end inside a field or have a kind of field that there is not
 */
export function fieldsOf(bytes: Uint8Array): Field[] {
  const fields: Field[] = []
  let at = 0

  function varint(): number {
    let value = 0
    for (let k = 0; k < LONGEST_VARINT; k++) {
      if (at >= bytes.length) throw new WireError('it ends inside a number')
      const byte = bytes[at++]
      value += (byte & 127) * 2 ** (7 * k)
      if (byte < 128) return value
    }
    throw new WireError('it has a number of more than 64 bits')
  }
  function take(length: number): Uint8Array {
    if (length > bytes.length - at) throw new WireError('it ends inside a field')
    at += length
    return bytes.subarray(at - length, at)
  }

  while (at < bytes.length) {
    const from = at
    const key = varint()
    const [number, kind] = [Math.floor(key / 8), key % 8]
    if (number === 0) throw new WireError('it has a field without a number')
    let [integer, content]: [number, Uint8Array] = [0, NONE]
    if (kind === INTEGER) integer = varint()
    else if (kind === BYTES) content = take(varint())
    else if (kind === FOUR_BYTES || kind === EIGHT_BYTES) content = take(kind === FOUR_BYTES ? 4 : 8)
    else throw new WireError('it has a field of a kind that there is not')
    fields.push({ number, integer, bytes: content, written: bytes.subarray(from, at) })
  }
  return fields
}

/** The parts of a message field as it is written: its number and length, then the bytes. */
export function messageField(number: number, parts: readonly Uint8Array[]): Uint8Array[] {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  return [Uint8Array.from([...varintOf(8 * number + BYTES), ...varintOf(length)]), ...parts]
}

function varintOf(value: number): number[] {
  const out: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) + 128)
  return [...out, rest]
}

/** The integers of a repeated field, packed or one by one. */
export function integersOf(fields: readonly Field[], number: number): number[] {
  return fields
    .filter((field) => field.number === number)
    .flatMap(({ integer, bytes }) => (bytes.length > 0 ? packed(bytes) : [integer]))
}

function packed(bytes: Uint8Array): number[] {
  const values: number[] = []
  let [value, shift] = [0, 0]
  for (const byte of bytes) {
    value += (byte & 127) * 2 ** shift
    shift += 7
    if (byte >= 128) continue
    values.push(value)
    value = 0
    shift = 0
  }
  return values
}
