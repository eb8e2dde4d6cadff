import { z } from 'zod'
import { BadInput } from '../../../src/io/bad-input.ts'
import { parseJson } from '../../../src/io/json.ts'
import { decodeText } from '../../../src/io/read-file.ts'
import { veTime } from '../../../src/problem/process.ts'
import { recordSchema } from '../../../src/specification/problem.ts'
import { parseWith } from '../../../src/specification/schema.ts'
import { version } from '../../../src/version.ts'
import type { GridTable } from './grid-table.ts'
import type { LevelPart } from './level-table.ts'
import { DEGREE } from './levels.ts'
import type { Patch } from './patch.ts'

const MAGIC = 'CPDTABLE'
const FORMAT = 2
/** Magic, format version and length of the header. */
const PREFIX = 16
const DIGEST = 32
const WHOLE = 'a whole table file, as --save and saveTable write it'

const finite = z.number()
const vector = z.array(finite).min(1).max(3)
const matrix = z.array(finite).min(1).max(9)
const gradingSchema = z.strictObject({
  low: finite,
  high: finite,
  marks: z
    .array(z.strictObject({ at: finite, width: finite.positive() }))
    .min(1)
    .max(65_536),
})
const patchSchema = z.strictObject({
  nodes: z.int().min(8),
  low: vector,
  high: vector,
  chart: z.strictObject({ origin: vector, axes: matrix, gradings: z.array(gradingSchema).max(3) }).nullable(),
  /** Where none are, the patch is for all there is. */
  modes: z.array(
    z.strictObject({ mean: vector, deviations: z.array(finite.positive()).min(1).max(3), axes: matrix }),
  ),
  /** Standard deviations from them; null without modes. */
  reach: finite.positive().nullable(),
})
const headerSchema = z.strictObject({
  problem: recordSchema,
  /** T of the problem's own process, and of the VE problem */
  time: finite.positive(),
  veTime: finite.positive(),
  patches: z.array(patchSchema).min(1).max(4096),
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
  const { parts, levels, problem, time, rtol, tolerance, errors, functionEvaluations } = table
  const header: z.input<typeof headerSchema> = {
    problem,
    ...{ time, veTime: levels.time, patches: parts.map(encodePatch), ends: [...levels.ends] },
    ...{ rtol, tolerance, errors: [...errors], functionEvaluations, version },
  }
  const json = new TextEncoder().encode(JSON.stringify(header))
  const start = PREFIX + 8 * Math.ceil(json.length / 8)
  const arrays = parts.flatMap(({ images }) => images)
  const values = arrays.reduce((sum, { length }) => sum + length, 0)
  const bytes = new Uint8Array(start + 8 * values + DIGEST)
  const view = new DataView(bytes.buffer)
  bytes.set(new TextEncoder().encode(MAGIC))
  view.setUint32(8, FORMAT, true)
  view.setUint32(12, start - PREFIX, true)
  bytes.fill(0x20, PREFIX, start).set(json, PREFIX)
  let at = start
  for (const level of arrays)
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
  const { ends, patches } = header
  if (patches.some((patch) => !possible(patch, patches[0]?.low.length ?? 0)))
    throw new BadInput(name, 'has a header with an impossible patch', WHOLE)
  if (ends[0] !== 0 || ends.some((end, i) => i > 0 && !(end > ends[i - 1])))
    throw new BadInput(name, 'has a header with impossible levels', WHOLE)
  const { createProcess } = await import('../../../src/problem/processes/index.ts')
  const reduced = veTime(createProcess(header.problem.process), header.time)
  if (!(Math.abs(header.veTime - reduced) <= 1e-9 * reduced))
    throw new BadInput(
      name,
      `has the VE time ${header.veTime} for t = ${header.time}`,
      `${reduced}, by its process`,
    )
  const count = (ends.length - 1) * DEGREE
  const values = count * patches.reduce((sum, { nodes, low }) => sum + nodes ** low.length * low.length, 0)
  if (8 * values !== end - start)
    throw new BadInput(name, `holds ${end - start} bytes of images`, `${8 * values} by its header`)
  let from = start
  const parts = patches.map((patch) => {
    const size = patch.nodes ** patch.low.length * patch.low.length
    const images = Array.from({ length: count }, () => {
      const level = new Float64Array(size)
      for (let i = 0; i < size; i++, from += 8) level[i] = view.getFloat64(from, true)
      if (!level.every(Number.isFinite))
        throw new BadInput(name, 'holds an image that is not finite', 'finite numbers')
      return level
    })
    return { patch: decodePatch(patch), nodes: patch.nodes, images }
  })
  const { problem, time, rtol, tolerance, errors, functionEvaluations } = header
  return {
    ...{ problem, time, rtol, tolerance, errors, functionEvaluations, parts },
    levels: { ends: Float64Array.from(ends), time: header.veTime },
  }
}

type PatchHeader = z.infer<typeof patchSchema>

function encodePatch({ patch, nodes }: LevelPart): PatchHeader {
  const { low, high, chart, modes, reach } = patch
  return {
    ...{ nodes, low: [...low], high: [...high] },
    chart: chart && {
      ...{ origin: [...chart.origin], axes: [...chart.axes] },
      gradings: chart.gradings.map((grading) => ({ ...grading, marks: [...grading.marks] })),
    },
    modes: modes.map(({ mean, deviations, axes }) => {
      return { mean: [...mean], deviations: [...deviations], axes: [...axes] }
    }),
    reach: modes.length === 0 ? null : reach,
  }
}

function decodePatch({ low, high, chart, modes, reach }: PatchHeader): Patch {
  const array = (values: readonly number[]) => Float64Array.from(values)
  return {
    ...{ low: array(low), high: array(high), reach: reach ?? Infinity },
    chart: chart && { ...chart, origin: array(chart.origin), axes: array(chart.axes) },
    modes: modes.map(({ mean, deviations, axes }) => {
      return { mean: array(mean), deviations: array(deviations), axes: array(axes) }
    }),
  }
}

/** Whether all that a patch consists of has the sizes of its dimension. */
function possible({ low, high, chart, modes }: PatchHeader, d: number): boolean {
  const rising = high.length === d && low.length === d && low.every((value, i) => value < high[i])
  const charted =
    !chart ||
    (chart.origin.length === d &&
      chart.axes.length === d * d &&
      chart.gradings.length === d &&
      chart.gradings.every(({ low: from, high: to }) => from < to))
  return (
    rising &&
    charted &&
    modes.every(
      ({ mean, deviations, axes }) => mean.length === d && deviations.length === d && axes.length === d * d,
    )
  )
}

async function digest(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>))
}
