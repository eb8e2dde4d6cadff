/**
 * A PNG with one byte a pixel and a palette, as a data address for an SVG image.
 *
 * @param indices width·height palette indices, upper row first
 * @param palette at most 256 colours #rrggbb
 */
export function pngDataUri(
  indices: Uint8Array,
  width: number,
  height: number,
  palette: readonly string[],
): string {
  const colours = Uint8Array.from(
    palette.flatMap((colour) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))),
  )
  return dataUri(indices, width, height, { type: PALETTE, bytes: 1, before: [chunk('PLTE', colours)] })
}

/**
 * A PNG of red, green and blue, likewise.
 *
 * @param values width·height·3 bytes, upper row first
 */
export function colourPngDataUri(values: Uint8Array, width: number, height: number): string {
  return dataUri(values, width, height, { type: COLOUR, bytes: 3, before: [] })
}

// colour types of PNG
const COLOUR = 2
const PALETTE = 3

/**
 * The deflate stream is stored, not compressed (RFC 1951 §3.2.4), so that no library and no asynchronous call is needed.
 *
 * @param kind.bytes of a pixel
 * @param kind.before chunks before the pixels
 */
function dataUri(
  pixels: Uint8Array,
  width: number,
  height: number,
  { type, bytes, before }: { type: number; bytes: number; before: readonly Uint8Array[] },
): string {
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  header.set([8, type, 0, 0, 0], 8) // 8 bits, deflate, no filter, not interlaced
  const length = bytes * width
  const rows = new Uint8Array((length + 1) * height)
  for (let row = 0; row < height; row++)
    rows.set(pixels.subarray(row * length, (row + 1) * length), row * (length + 1) + 1)
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
  const chunks = [
    chunk('IHDR', header),
    ...before,
    chunk('IDAT', stored(rows)),
    chunk('IEND', new Uint8Array()),
  ]
  return `data:image/png;base64,${base64(concatenate([signature, ...chunks]))}`
}

const LONGEST_BLOCK = 0xffff

function stored(data: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x78, 0x01)]
  for (let from = 0; from < data.length; from += LONGEST_BLOCK) {
    const part = data.subarray(from, from + LONGEST_BLOCK)
    const last = from + LONGEST_BLOCK >= data.length ? 1 : 0
    const n = part.length
    parts.push(Uint8Array.of(last, n & 255, n >> 8, ~n & 255, (~n >> 8) & 255), part)
  }
  let a = 1
  let b = 0
  for (const byte of data) {
    a = (a + byte) % 65521
    b = (b + a) % 65521
  }
  parts.push(Uint8Array.of(b >> 8, b & 255, a >> 8, a & 255))
  return concatenate(parts)
}

function chunk(kind: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 12)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, data.length)
  for (let i = 0; i < 4; i++) bytes[4 + i] = kind.charCodeAt(i)
  bytes.set(data, 8)
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)))
  return bytes
}

function crc32(data: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of data) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc >>> 0
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function base64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}
