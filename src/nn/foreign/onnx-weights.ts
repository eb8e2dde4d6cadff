import { BadInput } from '../../io/bad-input.ts'
import { readBytes } from '../../io/read-file.ts'
import { type Field, fieldsOf, integersOf, messageField, WireError } from './protobuf.ts'

// the numbers of the fields that are looked at (onnx.proto3)
const GRAPH = 7
const INITIALIZER = 5
const TENSOR = { dimensions: 1, type: 2, raw: 9, external: 13, location: 14 }
const ENTRY = { key: 1, value: 2 }
/** Bytes of an element, by the number of its type (TensorProto.DataType). */
const SIZES: Readonly<Record<number, number>> = {
  ...{ 1: 4, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: 8, 9: 1, 10: 2, 11: 8, 12: 4, 13: 8, 16: 2 },
}

/**
 * The bytes of an ONNX file, weights from files beside it included.
 *
 * @throws InputError naming the file that cannot be read or does not fit
 */
export async function readOnnx(path: string): Promise<Uint8Array> {
  const folder = /^(.*[/\\])?[^/\\]*$/.exec(path)?.[1] ?? ''
  return withWeights(await readBytes(path), path, (name) => readBytes(`${folder}${name}`))
}

/**
 * An ONNX file with its weights in it: those that are kept in other files, as `torch.onnx.export` of PyTorch 2.9 and later does, are
 * taken from there. These files must lie in the same folder, and have the bytes that the tensors need.
 *
 * @param file what to call the graph in errors
 * @param read the bytes of a file of that folder, by its name
 * @throws InputError naming the graph or the file that does not fit
 */
export async function withWeights(
  bytes: Uint8Array,
  file: string,
  read: (name: string) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const files = new Map<string, Uint8Array>()
  let taken = 0

  async function inlined(tensor: readonly Field[]): Promise<Uint8Array[]> {
    const place = placeOf(tensor, file)
    const found = files.get(place.location) ?? (await read(place.location))
    files.set(place.location, found)
    const { offset, length } = place
    taken += length
    const size = [...files.values()].reduce((sum, one) => sum + one.length, 0)
    if (offset + length > found.length || taken > size)
      throw new BadInput(
        file,
        `has weights at bytes ${offset} to ${offset + length} of ${place.location}, which has ${found.length}`,
        'the file that was written with this graph',
      )
    const kept = tensor.filter(({ number }) => number !== TENSOR.external && number !== TENSOR.location)
    const raw = messageField(TENSOR.raw, [found.subarray(offset, offset + length)])
    return messageField(INITIALIZER, [...kept.map(({ written }) => written), ...raw])
  }

  try {
    const parts: Uint8Array[] = []
    for (const field of fieldsOf(bytes)) {
      if (field.number !== GRAPH) {
        parts.push(field.written)
        continue
      }
      const graph: Uint8Array[] = []
      for (const one of fieldsOf(field.bytes)) {
        const tensor = one.number === INITIALIZER ? fieldsOf(one.bytes) : []
        if (integersOf(tensor, TENSOR.location).some((at) => at > 0)) graph.push(...(await inlined(tensor)))
        else graph.push(one.written)
      }
      parts.push(...messageField(GRAPH, graph))
    }
    return files.size > 0 ? joined(parts) : bytes
  } catch (error) {
    // what is no ONNX file is said when the graph is checked
    if (error instanceof WireError) return bytes
    throw error
  }
}

/** Where the values of a tensor are. */
function placeOf(tensor: readonly Field[], file: string) {
  const entries = new Map(
    tensor
      .filter(({ number }) => number === TENSOR.external)
      .map(({ bytes }) => {
        const entry = fieldsOf(bytes)
        return [textOf(entry, ENTRY.key), textOf(entry, ENTRY.value)]
      }),
  )
  const location = entries.get('location') ?? ''
  if (!/^[^/\\]+$/.test(location) || location === '.' || location === '..')
    throw new BadInput(
      file,
      `has weights in the file ${JSON.stringify(location)}`,
      'one of the same folder, or all weights in the graph (external_data=False of torch.onnx.export)',
    )
  const count = integersOf(tensor, TENSOR.dimensions).reduce((product, n) => product * n, 1)
  const [type = 0] = integersOf(tensor, TENSOR.type)
  const needed = count * (SIZES[type] ?? Number.NaN)
  const offset = Number(entries.get('offset') ?? 0)
  const length = Number(entries.get('length') ?? needed)
  if (!(Number.isSafeInteger(offset) && offset >= 0 && length === needed))
    throw new BadInput(
      file,
      `has a tensor of ${count} elements in ${length} bytes from ${offset} on of ${location}`,
      'as many bytes as its elements take',
    )
  return { location, offset, length }
}

function textOf(fields: readonly Field[], number: number): string {
  return fields
    .filter((field) => field.number === number)
    .map(({ bytes }) => new TextDecoder().decode(bytes))
    .join('')
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
