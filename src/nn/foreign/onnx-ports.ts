import { InputError } from '../../errors.ts'
import { BadInput } from '../../io/bad-input.ts'
import type { Port, Ports } from './onnx-file.ts'
import type { Feed, NumberType } from './onnx-host.ts'

// TensorProto.DataType
const TYPES: Readonly<Record<number, NumberType>> = {
  0: 'float32',
  1: 'float32',
  11: 'float64',
  6: 'int32',
  7: 'int64',
}
const OTHERS: Readonly<Record<number, string>> = { 9: 'bool', 10: 'float16', 16: 'bfloat16' }
const INTEGERS: readonly NumberType[] = ['int32', 'int64']
/** Times come from others by bisection: so near, as a share of themselves, they are integers. */
const NEARLY = 1e-9

/** The values of an input, as many for each row. */
export type Values = Readonly<Record<string, Float64Array>>

/**
 * The inputs of a run in the types and shapes that the graph says: times of shape [n] or [n, 1], points of any shape with n before it.
 *
 * @param values of the inputs by name, `rows` rows each
 * @throws InputError naming the file and what it takes
 */
export function feedsOf(file: string, { inputs }: Ports, values: Values, rows: number): Record<string, Feed> {
  return Object.fromEntries(
    Object.entries(values).map(([name, own]) => {
      const port = inputs.find((one) => one.name === name)
      if (!port) throw new BadInput(file, `has no input ${name}`, inputs.map((one) => one.name).join(', '))
      const type = typeOf(file, port)
      return [
        name,
        {
          type,
          shape: shapeOf(file, port, rows, own.length / rows),
          values: INTEGERS.includes(type) ? integers(file, name, own) : own,
        },
      ]
    }),
  )
}

/**
 * Checks that a graph has just the inputs and the output that its description says.
 *
 * @param wanted the inputs by their keys in `names`
 * @param output the key of the output
 * @throws InputError naming the file, with names that would fit
 */
export function checkPorts(
  file: string,
  { inputs, outputs }: Ports,
  wanted: Readonly<Record<string, string>>,
  output: readonly [key: string, name: string],
): void {
  const names = Object.values(wanted)
  const extra = inputs.filter(({ name }) => !names.includes(name))
  const missing = Object.entries(wanted).filter(([, name]) => !inputs.some((one) => one.name === name))
  const given = outputs.some(({ name }) => name === output[1])
  if (extra.length + missing.length === 0 && given) return
  const found = [...inputs, ...outputs].map(({ name }) => name)
  // points first: they have more axes or a larger last one than times
  const free = [...extra].sort((a, b) => width(b) - width(a))
  const order = [...missing].sort(([a], [b]) => Number(b.includes('x')) - Number(a.includes('x')))
  const suggested = Object.fromEntries([
    ...order.flatMap(([key], k) => (free[k] ? [[key, free[k].name]] : [])),
    ...(given || outputs.length === 0 ? [] : [[output[0], outputs[0].name]]),
  ])
  const fits = order.length === free.length && outputs.length > 0
  throw new BadInput(
    file,
    `has the inputs ${inputs.map(({ name }) => name).join(', ') || 'none'} and the outputs ${found.slice(inputs.length).join(', ') || 'none'}`,
    `${names.join(', ')} and ${output[1]}${
      fits
        ? `; the key \`names\` of its description says what they are called otherwise, here perhaps "names": ${JSON.stringify(suggested)}`
        : `; the key \`names\` of its description says what they are called otherwise${extra.length > missing.length ? ', and a second time is its `u`' : ''}`
    }`,
  )
}

/** Whether the numbers of an input are of single precision. */
export function isSingle({ inputs }: Ports, name: string): boolean {
  return TYPES[inputs.find((one) => one.name === name)?.type ?? 0] === 'float32'
}

/** @throws InputError where the description says another type than the graph */
export function checkType(file: string, ports: Ports, name: string, said?: NumberType): void {
  const port = ports.inputs.find((one) => one.name === name)
  if (!port || said === undefined) return
  const type = typeOf(file, port)
  if (type !== said) throw new InputError('network.type', said, `${type}, which ${file} takes for ${name}`)
}

function width({ shape }: Port): number {
  return shape ? 1000 * shape.length + (shape.at(-1) ?? 999) : 0
}

function typeOf(file: string, { name, type }: Port): NumberType {
  const found = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined
  if (found) return found
  throw new BadInput(
    file,
    `takes ${name} of type ${OTHERS[type] ?? `number ${type} of ONNX`}`,
    'float32 or float64 (model.float() before the export)',
  )
}

function shapeOf(file: string, { name, shape }: Port, rows: number, columns: number): number[] {
  if (shape === null) return [rows, columns]
  const [batch, ...axes] = shape
  const said = `takes ${name} of shape [${shape.map((size) => size ?? 'n').join(', ')}]`
  if (shape.length === 0) throw new BadInput(file, said, 'one of shape [n], or [n, 1], a time for each point')
  if (batch !== null && batch !== rows)
    throw new BadInput(
      file,
      said,
      'a first axis of any length (dynamic_shapes or dynamic_axes of torch.onnx.export)',
    )
  const known = axes.reduce<number>((product, size) => product * (size ?? 1), 1)
  const open = axes.filter((size) => size === null).length
  const rest = columns / known
  if (open > 1 || (open === 0 ? rest !== 1 : !Number.isInteger(rest)))
    throw new BadInput(file, said, `a shape with ${columns} values for each point`)
  return [rows, ...axes.map((size) => size ?? rest)]
}

function integers(file: string, name: string, values: Float64Array): Float64Array {
  return values.map((value) => {
    const nearest = Math.round(value)
    if (Math.abs(value - nearest) <= NEARLY * Math.max(1, Math.abs(value))) return nearest
    throw new BadInput(
      file,
      `takes integers for ${name}, and is asked at ${value}`,
      'a graph that takes float32 times, or `points` and `score` with --times at integers',
    )
  })
}
