import { type Points, points, rowMajor } from '../points/points.ts'
import { BadInput } from './bad-input.ts'
import { type CsvRow, cellValue, isHeader, parseRows, skippedRows } from './csv.ts'
import { npyLayout } from './npy.ts'
import { decodeText } from './read-file.ts'

/** Points that are read a part at a time. */
export interface PointSource {
  readonly dimension: number
  /** How many rows there are, as far as is known before all of them are read. */
  rows(): number
  /**
   * All points in order, `rows` at a time, the rest last.
   *
   * @throws InputError at the first row that is not what it should be
   */
  parts(rows: number): AsyncIterable<Points>
}

/** Points that are in memory already. */
export function memorySource(X: Points): PointSource {
  const [n, dimension] = X.shape as [number, number]
  return {
    dimension,
    rows: () => n,
    async *parts(rows) {
      const x = rowMajor(X)
      for (let done = 0; done < n; done += rows)
        yield points(x.subarray(done * dimension, (done + rows) * dimension), dimension)
    },
  }
}

const CHUNK = 2 ** 19
const NEWLINE = 10
const QUOTE = 34

/** The points of a large .csv file: the numbers of every row, as `readPoints` takes them. */
export async function csvSource(path: string, size: number): Promise<PointSource> {
  const first = (await rowChunks(path).next()).value?.rows[0]
  if (first === undefined) throw new BadInput(path, 'is empty', 'rows of numbers')
  const dimension = first.record.length
  let rowsRead = 0
  let bytesRead = 0
  return {
    dimension,
    rows: () => (bytesRead === 0 ? 0 : Math.max(rowsRead, Math.round((rowsRead * size) / bytesRead))),
    async *parts(rows) {
      let data = new Float64Array(rows * dimension)
      let length = 0
      let skipped = 0
      rowsRead = 0
      for await (const chunk of rowChunks(path)) {
        bytesRead = chunk.end
        const header = chunk.start === 0 && isHeader(chunk.rows[0].record.map((cell) => cell.trim()))
        for (const row of header ? chunk.rows.slice(1) : chunk.rows) {
          rowsRead++
          if (row.record.some((cell) => cell.trim() === '')) skipped++
          else for (let j = 0; j < dimension; j++) data[length++] = cellValue(row, j, path)
          if (length < data.length) continue
          if (skipped === 0) yield points(data, dimension)
          data = new Float64Array(rows * dimension)
          length = 0
        }
      }
      if (skipped > 0) throw skippedRows(path, skipped)
      if (rowsRead === 0) throw new BadInput(path, 'has no rows of numbers', 'at least one row of numbers')
      bytesRead = size
      if (length > 0) yield points(data.slice(0, length), dimension)
    },
  }
}

interface RowChunk {
  readonly rows: readonly CsvRow[]
  /** First byte and the byte behind the last. */
  readonly start: number
  readonly end: number
}

/** The rows of a file, chunk by chunk. A chunk ends with a line, and not inside quotes. */
async function* rowChunks(path: string): AsyncGenerator<RowChunk, undefined> {
  const { createReadStream } = await import('node:fs')
  let rest: Uint8Array = new Uint8Array(0)
  let start = 0
  let lines = 0
  let width = 0
  const take = (bytes: Uint8Array): RowChunk | null => {
    const rows = parseRows(decodeText(bytes, path), path, lines)
    const chunk = { rows, start, end: start + bytes.length }
    const row = rows[0]
    if (row !== undefined && width > 0 && row.record.length !== width)
      throw new BadInput(
        path,
        `has rows of different lengths in line ${row.info.lines}`,
        'as many cells as in the first row',
      )
    width ||= row?.record.length ?? 0
    for (const byte of bytes) if (byte === NEWLINE) lines++
    start = chunk.end
    return row === undefined ? null : chunk
  }
  for await (const read of createReadStream(path, { highWaterMark: CHUNK })) {
    const bytes = new Uint8Array(rest.length + read.length)
    bytes.set(rest)
    bytes.set(read, rest.length)
    const cut = lastCut(bytes)
    rest = bytes.subarray(cut)
    const chunk = cut > 0 ? take(bytes.subarray(0, cut)) : null
    if (chunk) yield chunk
  }
  const chunk = rest.length > 0 ? take(rest) : null
  if (chunk) yield chunk
}

/** Where the last line ends that ends outside quotes; 0 when there is none. */
function lastCut(bytes: Uint8Array): number {
  let cut = 0
  let quoted = false
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === QUOTE) quoted = !quoted
    else if (bytes[i] === NEWLINE && !quoted) cut = i + 1
  }
  return cut
}

const MOST_HEADER = 2 ** 16

/** The points of a large .npy file, or null where they are in Fortran order: a row is then all over the file. */
export async function npySource(path: string, size: number): Promise<PointSource | null> {
  const { open } = await import('node:fs/promises')
  const read = async (at: number, length: number): Promise<Uint8Array> => {
    const file = await open(path)
    try {
      const bytes = new Uint8Array(length)
      const { bytesRead } = await file.read(bytes, 0, length, at)
      return bytes.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  }
  const layout = npyLayout(await read(0, Math.min(size, MOST_HEADER)), size, path)
  const { n, d, bytes, little, end } = layout
  if (layout.fortranOrder) return null
  return {
    dimension: d,
    rows: () => n,
    async *parts(rows) {
      for (let done = 0; done < n; done += rows) {
        const count = Math.min(rows, n - done)
        const part = await read(end + done * d * bytes, count * d * bytes)
        if (part.length < count * d * bytes)
          throw new BadInput(path, 'became shorter while it was read', 'a file that stays as it is')
        const view = new DataView(part.buffer, part.byteOffset, part.byteLength)
        const data = new Float64Array(count * d)
        for (let k = 0; k < data.length; k++) {
          data[k] = layout.read(view, k * bytes, little)
          if (!Number.isFinite(data[k])) throw notFinite(path, data[k], done + Math.floor(k / d), k % d)
        }
        yield points(data, d)
      }
    },
  }
}

function notFinite(path: string, value: number, row: number, column: number): BadInput {
  return new BadInput(path, `has ${value} in row ${row + 1}, column ${column + 1}`, 'a finite number')
}
