import { BadInput } from '../../io/bad-input.ts'
import { type Field, fieldsOf, integersOf, WireError } from './protobuf.ts'

// the numbers of the fields that are looked at (onnx.proto3)
const MODEL = { graph: 7, functions: 25 }
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12, sparse: 15 }
const NODE = { attribute: 5, type: 4, domain: 7 }
const ATTRIBUTE = { tensor: 5, graph: 6, tensors: 10, graphs: 11 }
const TENSOR = { dimensions: 1, name: 8, external: 13, location: 14 }
const VALUE = { name: 1, type: 2 }
const TYPE = { tensor: 1, element: 1, shape: 2, axis: 1, size: 1 }

const DOMAINS = ['', 'ai.onnx']
/** Not functions of their inputs, or without an end of their own. */
const REFUSED = new Set(
  'Loop Scan If SequenceMap RandomNormal RandomNormalLike RandomUniform RandomUniformLike Multinomial Bernoulli'.split(
    ' ',
  ),
)

/** What a graph says of one of its inputs or outputs. */
export interface Port {
  readonly name: string
  /** TensorProto.DataType; 0 where it is not said. */
  readonly type: number
  /** The sizes of its axes, null where they are free; null where nothing is said of them. */
  readonly shape: readonly (number | null)[] | null
}

/** The inputs and outputs of a graph. */
export interface Ports {
  readonly inputs: readonly Port[]
  readonly outputs: readonly Port[]
}

/**
 * Checks, before a runtime reads it, that an ONNX file is one graph of the standard operators that ends and needs nothing else: no
 * loops and branches, no functions, no randomness, no weights in other files, no tensor with more elements than the file has room for.
 *
 * @returns what the graph takes and gives
 * @throws InputError naming the file and what is in it
 */
export function checkOnnxFile(bytes: Uint8Array, file: string): Ports {
  try {
    return checkModel(bytes, file)
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    throw new BadInput(file, `is no ONNX file (${error.message})`, 'an ONNX graph')
  }
}

function checkModel(bytes: Uint8Array, file: string): Ports {
  const model = fieldsOf(bytes)
  const graphs = messages(model, MODEL.graph)
  if (graphs.length !== 1) throw new BadInput(file, `has ${graphs.length} graphs`, 'an ONNX file with one')
  if (messages(model, MODEL.functions).length > 0)
    throw new BadInput(file, 'has functions of its own', 'a graph in which they are inlined')
  const graph = fieldsOf(graphs[0])
  if (messages(graph, GRAPH.sparse).length > 0)
    throw new BadInput(file, 'has sparse weights', 'a graph with dense ones')
  for (const tensor of messages(graph, GRAPH.initializer)) checkTensor(tensor, bytes.length, file)
  for (const node of messages(graph, GRAPH.node)) checkNode(fieldsOf(node), bytes.length, file)
  const weights = new Set(messages(graph, GRAPH.initializer).map((one) => textOf(fieldsOf(one), TENSOR.name)))
  const ports = (key: number) => messages(graph, key).map((one) => portOf(fieldsOf(one)))
  return {
    // weights are inputs too in files before version 4
    inputs: ports(GRAPH.input).filter(({ name }) => !weights.has(name)),
    outputs: ports(GRAPH.output),
  }
}

function portOf(value: readonly Field[]): Port {
  const tensor = messages(value, VALUE.type)
    .flatMap((type) => messages(fieldsOf(type), TYPE.tensor))
    .flatMap(fieldsOf)
  const [shape] = messages(tensor, TYPE.shape)
  return {
    name: textOf(value, VALUE.name),
    type: integersOf(tensor, TYPE.element)[0] ?? 0,
    shape: shape ? messages(fieldsOf(shape), TYPE.axis).map(sizeOf) : null,
  }
}

function sizeOf(axis: Uint8Array): number | null {
  return integersOf(fieldsOf(axis), TYPE.size)[0] ?? null
}

function checkNode(node: readonly Field[], room: number, file: string): void {
  const [type, domain] = [textOf(node, NODE.type), textOf(node, NODE.domain)]
  if (!DOMAINS.includes(domain))
    throw new BadInput(file, `has the operator ${type} of ${domain}`, 'standard operators only')
  const attributes = messages(node, NODE.attribute).map(fieldsOf)
  const nested = attributes.some(
    (attribute) =>
      messages(attribute, ATTRIBUTE.graph).length + messages(attribute, ATTRIBUTE.graphs).length > 0,
  )
  if (nested || REFUSED.has(type))
    throw new BadInput(
      file,
      `has the operator ${type}`,
      'a graph that ends and is a function of its inputs, without loops, branches and randomness',
    )
  for (const attribute of attributes)
    for (const key of [ATTRIBUTE.tensor, ATTRIBUTE.tensors])
      for (const tensor of messages(attribute, key)) checkTensor(tensor, room, file)
}

function checkTensor(bytes: Uint8Array, room: number, file: string): void {
  const tensor = fieldsOf(bytes)
  if (
    messages(tensor, TENSOR.external).length > 0 ||
    integersOf(tensor, TENSOR.location).some((at) => at > 0)
  )
    throw new BadInput(file, 'has weights in another file', 'all of them in this one')
  // the smallest elements take half a byte
  const size = integersOf(tensor, TENSOR.dimensions).reduce((product, n) => product * n, 1)
  if (size > 2 * room)
    throw new BadInput(file, `has a tensor of ${size} elements in ${room} bytes`, 'a whole file')
}

function messages(fields: readonly Field[], number: number): Uint8Array[] {
  return fields.filter((field) => field.number === number).map(({ bytes }) => bytes)
}

function textOf(fields: readonly Field[], number: number): string {
  return messages(fields, number)
    .map((bytes) => new TextDecoder().decode(bytes))
    .join('')
}
