import { BadInput } from './bad-input.ts'

/** Bytes: as many characters as a text may have in V8, some 537 million. */
const LONGEST = 2 ** 29 - 24

/**
 * The text of a UTF-8 file, without a byte order mark.
 *
 * @param name what to call the file in an error
 * @throws InputError when the bytes are not UTF-8, or more than a text can have
 */
export function decodeText(bytes: Uint8Array, name: string): string {
  if (bytes.length > LONGEST)
    throw new BadInput(name, `has ${bytes.length} bytes`, `a text of at most ${LONGEST}`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new BadInput(name, 'is not UTF-8 text', 'a text file')
  }
}

/** The shortest decimal text that reads back as the same double, the sign of zero included. */
export function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

/**
 * The number that a cell or an option holds, or null when it is no decimal number. Stricter than `Number`: no
 * empty text, no 0x10, no Infinity; 1e999 is Infinity, as in JSON.
 */
export function parseNumber(text: string): number | null {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : null
}
