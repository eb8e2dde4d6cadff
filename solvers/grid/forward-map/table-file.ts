import { z } from 'zod'
import { BadInput } from '../../../src/io/bad-input.ts'
import { parseJson } from '../../../src/io/json.ts'
import { decodeText } from '../../../src/io/text.ts'
import { parseWith, problemSchema } from '../../../src/problem/specification.ts'
import { version } from '../../../src/version.ts'
import type { GridTable } from './grid-table.ts'
import { tableGrid } from './level-table.ts'
import { DEGREE } from './levels.ts'

const MAGIC = 'CPDTABLE'
const FORMAT = 1
/** Magic, format version and length of the header. */
const PREFIX = 16
const DIGEST = 32
const WHOLE = 'a whole table file, as --save and saveTable write it'

const finite = z.number()
const headerSchema = z.strictObject({
  problem: problemSchema,
  /** T of the problem's own process, and of the VE problem */
  time: finite.positive(),
  veTime: finite.positive(),
  nodes: z.int().min(8),
  low: z.array(finite).min(1).max(3),
  high: z.array(finite).min(1).max(3),
  /** Ends of the panels of θ, from 0 on */
  ends: z.array(finite.nonnegative()).min(2).max(4096),
  rtol: finite.positive(),
  tolerance: finite.positive().nullable(),
  errors: z.array(z.strictObject({ time: finite.positive(), error: finite.nonnegative() })).min(1),
  functionEvaluations: finite.nonnegative(),
  /** Of the package that made it. */
  version: z.string(),
})

/**
 * The bytes of a table file: "CPDTABLE", the format version and the length of the header as u32, the header in JSON (padded with
 * spaces to a multiple of eight), the images of the nodes at levels 1 … K as float64, and the SHA-256 of all that; little-endian.
 */
export async function encodeTable(table: GridTable): Promise<Uint8Array> {
  const { grid, levels, images, problem, time, rtol, tolerance, errors, functionEvaluations } = table
  const header: z.input<typeof headerSchema> = {
    problem: problem as z.input<typeof problemSchema>,
    ...{ time, veTime: levels.time, nodes: grid.nodes, low: [...grid.low], high: [...grid.high] },
    ...{ ends: [...levels.ends], rtol, tolerance, errors: [...errors] },
    ...{ functionEvaluations, version },
  }
  const json = new TextEncoder().encode(JSON.stringify(header))
  const start = PREFIX + 8 * Math.ceil(json.length / 8)
  const values = images.length * grid.size * grid.dimension
  const bytes = new Uint8Array(start + 8 * values + DIGEST)
  const view = new DataView(bytes.buffer)
  bytes.set(new TextEncoder().encode(MAGIC))
  view.setUint32(8, FORMAT, true)
  view.setUint32(12, start - PREFIX, true)
  bytes.fill(0x20, PREFIX, start).set(json, PREFIX)
  let at = start
  for (const level of images)
    for (let i = 0; i < level.length; i++, at += 8) view.setFloat64(at, level[i], true)
  bytes.set(await digest(bytes.subarray(0, at)), at)
  return bytes
}

/**
 * The table in the bytes of a table file.
 *
 * @param name what to call the file in an error
 * @throws InputError when the bytes are no such file, of another version, cut off or changed
 */
export async function decodeTable(bytes: Uint8Array, name: string): Promise<GridTable> {
  const magic = new TextEncoder().encode(MAGIC)
  if (bytes.length < magic.length || magic.some((byte, i) => bytes[i] !== byte))
    throw new BadInput(name, 'is no table file', WHOLE)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < PREFIX + DIGEST) throw new BadInput(name, 'is cut off', WHOLE)
  const format = view.getUint32(8, true)
  if (format !== FORMAT) throw new BadInput(name, `is a table file of version ${format}`, `version ${FORMAT}`)
  const end = bytes.length - DIGEST
  const own = await digest(bytes.subarray(0, end))
  if (own.some((byte, i) => bytes[end + i] !== byte))
    throw new BadInput(name, 'is cut off or was changed: its checksum does not fit', WHOLE)
  const start = PREFIX + view.getUint32(12, true)
  if (start > end) throw new BadInput(name, 'ends inside its header', WHOLE)
  const json = parseJson(decodeText(bytes.subarray(PREFIX, start), name), name)
  const header = parseWith(headerSchema, json, `the header of ${name}`)
  const { low, high, nodes, ends } = header
  const d = low.length
  if (high.length !== d || low.some((value, i) => !(value < high[i])))
    throw new BadInput(name, 'has a header with an impossible box', WHOLE)
  if (ends[0] !== 0 || ends.some((end, i) => i > 0 && !(end > ends[i - 1])))
    throw new BadInput(name, 'has a header with impossible levels', WHOLE)
  const count = (ends.length - 1) * DEGREE
  const values = nodes ** d * d
  if (8 * values * count !== end - start)
    throw new BadInput(name, `holds ${end - start} bytes of images`, `${8 * values * count} by its header`)
  const images = Array.from({ length: count }, (_, k) => {
    const level = new Float64Array(values)
    for (let i = 0; i < values; i++) level[i] = view.getFloat64(start + 8 * (k * values + i), true)
    if (!level.every(Number.isFinite))
      throw new BadInput(name, 'holds an image that is not finite', 'finite numbers')
    return level
  })
  const { problem, time, veTime, rtol, tolerance, errors, functionEvaluations } = header
  return {
    ...{ problem, time, rtol, tolerance, errors, functionEvaluations, images },
    grid: tableGrid(low, high, nodes),
    levels: { ends: Float64Array.from(ends), time: veTime },
  }
}

async function digest(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>))
}
