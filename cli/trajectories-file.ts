import { BadInput } from '../src/io/bad-input.ts'
import { readBytes } from '../src/io/read-file.ts'
import { decodeSafetensors, type Tensor } from '../src/io/safetensors.ts'
import { coarseEnd, spread, type TrajectoryValues } from '../src/metrics/trajectory-errors.ts'

/** A file of trajectories with a map's values on them. */
export interface TrajectoriesFile extends TrajectoryValues {
  /** Shape of a point, such as [3, 32, 32]. */
  readonly shape: readonly number[]
}

const TENSORS = ['t', 'x', 'f', 'weights', 'xCoarse']
const EXPECTED = 'tensors t [K], x [K, n, …] and f [K, n, …], with weights [n] and xCoarse [n, …] if you like'

/**
 * Reads a safetensors file of trajectories, as `parseTrajectories` takes its bytes.
 *
 * @throws InputError naming the file, the tensor and what is wrong with it
 */
export async function readTrajectories(path: string): Promise<TrajectoriesFile> {
  return parseTrajectories(await readBytes(path), path)
}

/**
 * The bytes of a safetensors file of trajectories: t [K] ascending, x [K, n, …] on the trajectories of a teacher, f [K, n, …] the map there,
 * optional weights [n] and xCoarse [n, …], an end of the same trajectories integrated with half the steps.
 *
 * @throws InputError naming the file, the tensor and what is wrong with it
 */
export function parseTrajectories(bytes: Uint8Array, path: string): TrajectoriesFile {
  const { tensors } = decodeSafetensors(bytes, path, TENSORS)
  const { t, x, f, weights, xCoarse } = tensors
  for (const [name, tensor] of Object.entries({ t, x, f }))
    if (tensor === undefined) throw new BadInput(path, `has no tensor ${name}`, EXPECTED)
  checkShape(path, 't', t, [t.data.length])
  if (x.shape.length < 3)
    throw new BadInput(
      path,
      `has x of shape ${text(x.shape)}`,
      'a shape [K, n, …] of times, trajectories and coordinates',
    )
  const [steps, n, ...shape] = x.shape
  if (steps !== t.data.length)
    throw new BadInput(
      path,
      `has ${t.data.length} times t and x of shape ${text(x.shape)}`,
      'as many points of each trajectory as times',
    )
  if (steps < 2)
    throw new BadInput(
      path,
      `has ${steps === 1 ? 'one time' : 'no time'}`,
      'at least 2 times, the noise at the last',
    )
  if (n < 2)
    throw new BadInput(path, `has ${n === 1 ? 'one trajectory' : 'no trajectory'}`, 'at least 2 trajectories')
  const size = shape.reduce((product, count) => product * count, 1)
  if (size < 1)
    throw new BadInput(path, `has points of shape ${text(shape)}`, 'points of at least one coordinate')
  checkShape(path, 'f', f, x.shape)
  if (weights) checkShape(path, 'weights', weights, [n])
  if (xCoarse) checkShape(path, 'xCoarse', xCoarse, x.shape.slice(1))
  for (const [name, tensor] of Object.entries({ t, x, f, weights, xCoarse }))
    if (tensor) checkFinite(path, name, tensor)
  for (const [name, tensor] of Object.entries({ x, f, xCoarse })) if (tensor) checkSize(path, name, tensor)

  const times = Float64Array.from(t.data)
  const back = times.findIndex((time, k) => k > 0 && time <= times[k - 1])
  if (back > 0)
    throw new BadInput(
      path,
      `has the time ${times[back]} after ${times[back - 1]}`,
      'ascending times, the data at the first and the noise at the last',
    )
  const values: TrajectoriesFile = {
    times,
    positions: rowsByTime(x.data, steps),
    values: rowsByTime(f.data, steps),
    weights: checkWeights(path, weights, n),
    shape,
    ...(xCoarse && { coarse: xCoarse.data }),
  }
  if (spread(values.positions[0], values.weights) === 0)
    throw new BadInput(
      path,
      'has trajectories that all start at the same point',
      'different data, to which the error is relative',
    )
  for (const end of [0, steps - 1])
    if (xCoarse?.data.every((value, i) => value === values.positions[end][i]))
      throw new BadInput(
        path,
        `has points xCoarse that are the ${end === 0 ? 'first' : 'last'} points x themselves`,
        'an end of the same trajectories, integrated with half the steps',
      )
  if (xCoarse && coarseEnd(values) === null)
    throw new BadInput(
      path,
      'has points xCoarse that are near neither the first nor the last points x',
      'an end of the same trajectories, integrated with half the steps',
    )
  return values
}

function checkShape(path: string, name: string, { shape }: Tensor, expected: readonly number[]): void {
  if (shape.length !== expected.length || shape.some((size, i) => size !== expected[i]))
    throw new BadInput(path, `has ${name} of shape ${text(shape)}`, `the shape ${text(expected)}`)
}

/** Numbers whose squares can be added up. */
const LARGEST = 1e140

function checkSize(path: string, name: string, { data }: Tensor): void {
  const large = data.find((value) => Math.abs(value) > LARGEST)
  if (large !== undefined)
    throw new BadInput(
      path,
      `has ${large} in ${name}`,
      `numbers of at most ${LARGEST}: errors are of their squares`,
    )
}

function checkFinite(path: string, name: string, { data, shape }: Tensor): void {
  const at = data.findIndex((value) => !Number.isFinite(value))
  if (at < 0) return
  const place: number[] = []
  for (let i = shape.length - 1, left = at; i >= 0; i--) {
    place.unshift(left % shape[i])
    left = Math.floor(left / shape[i])
  }
  throw new BadInput(path, `has ${data[at]} at ${name}[${place.join(', ')}]`, 'a finite number')
}

function checkWeights(path: string, weights: Tensor | undefined, n: number): Float64Array {
  if (!weights) return new Float64Array(n).fill(1)
  const values = Float64Array.from(weights.data)
  const bad = values.findIndex((weight) => weight < 0)
  if (bad >= 0)
    throw new BadInput(path, `has the weight ${values[bad]} at weights[${bad}]`, 'weights of at least 0')
  if (values.filter((weight) => weight > 0).length < 2)
    throw new BadInput(path, 'has fewer than 2 weights above 0', 'at least 2')
  // their unit does not matter, and products of very large or small ones are no numbers
  const largest = values.reduce((most, weight) => Math.max(most, weight))
  return values.map((weight) => weight / largest)
}

function rowsByTime(data: Tensor['data'], steps: number): Tensor['data'][] {
  const length = data.length / steps
  return Array.from({ length: steps }, (_, k) => data.subarray(k * length, (k + 1) * length))
}

function text(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`
}
