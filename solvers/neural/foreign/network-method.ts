import { timeRate } from '../../../src/certificate/trajectory-points.ts'
import { angleRate } from '../../../src/certificate/velocity.ts'
import type { Method } from '../../../src/consistency-function.ts'
import { InputError, oneLine } from '../../../src/errors.ts'
import { BadInput } from '../../../src/io/bad-input.ts'
import { readJson } from '../../../src/io/json.ts'
import { readBytes } from '../../../src/io/read-file.ts'
import { decodeSafetensors } from '../../../src/io/safetensors.ts'
import { type NetworkDescription, networkSchema } from '../../../src/nn/foreign/description.ts'
import { NETWORK_FILE } from '../../../src/nn/foreign/description-path.ts'
import type { GraphSource } from '../../../src/nn/foreign/onnx-host.ts'
import { readOnnx } from '../../../src/nn/foreign/onnx-weights.ts'
import { LAST_TIME, processTime, veTime } from '../../../src/problem/process.ts'
import { ve } from '../../../src/problem/processes/closed-form.ts'
import { parseWith } from '../../../src/specification/schema.ts'
import { checkGraph } from './check-graph.ts'
import { checkPair } from './check-pair.ts'
import { type DescribedMap, inVeTime } from './described-map.ts'
import { mlpMap } from './mlp-map.ts'
import { type DifferenceRange, type OnnxMap, onnxMap } from './onnx-map.ts'
import { inProcessTime } from './process-time.ts'

/** A network that was trained elsewhere as plain data: its description and the files it names. */
export interface NetworkFiles {
  /** The description's file. */
  readonly file: string
  /** What the network is called where its description gives no name. */
  readonly name: string
  readonly description: NetworkDescription
  /** The weights, or the graph and its dual. */
  readonly sources: readonly GraphSource[]
}

/**
 * Reads a network that was trained elsewhere (docs/your-own-network.md): a description in JSON with a safetensors file of its
 * weights or an ONNX graph beside it.
 *
 * @param path the description, or a folder that holds it as network.json
 * @throws InputError naming the file or the key that does not fit
 */
export async function readNetwork(path: string): Promise<NetworkFiles> {
  const file = /\.json$/i.test(path) ? path : `${path}/${NETWORK_FILE}`
  const json = await readJson(file)
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new InputError(file, json, 'the description of a network, a JSON object')
  if ('predicts' in json)
    throw new BadInput(
      file,
      `predicts ${oneLine(JSON.stringify(json.predicts))}`,
      'a consistency function; what predicts a score is the data of a "neural" problem, or a teacher',
    )
  const description = parseWith(networkSchema, json, 'network')
  const folder = /^(.*[/\\])?[^/\\]*$/.exec(file)?.[1] ?? ''
  const names =
    description.kind === 'mlp'
      ? [description.weights]
      : [description.graph, ...(description.dual === undefined ? [] : [description.dual])]
  const sources: GraphSource[] = []
  const read = description.kind === 'mlp' ? readBytes : readOnnx
  for (const name of names) sources.push({ file: `${folder}${name}`, bytes: await read(`${folder}${name}`) })
  return { file, name: baseName(path), description, sources }
}

// where σ′ has no limit, θ moves and t does not: steps of differences are shares of the whole time there
const LEAST_SPEED = 0.01

/**
 * A network that was trained elsewhere as a method. All of it is data: of a safetensors network nothing runs but dense layers.
 *
 * @throws InputError naming the file or the key that does not fit
 */
export function networkMethod({ file, name, description, sources }: NetworkFiles): Method {
  const create = creator(description, sources)
  const { dimension, check, time } = description
  return {
    name: `network:${description.name ?? name}`,
    options: { kind: description.kind },
    target: 'map',
    random: false,
    async solveVe(density, run) {
      if (density.dimension !== dimension)
        throw new InputError('network.dimension', dimension, `${density.dimension}, that of the problem`)
      const { process = ve() } = run
      // α = 1 and σ = t
      const isVe = time === 've' || process.kind === 've' || process.kind === 'edm'
      if (isVe && run.time >= LAST_TIME)
        throw new InputError(
          'the time',
          'the end of a process, where no data are left',
          'an earlier one: the t of a network in the time of the VE process is infinite there',
        )
      const { scale } = density.moments
      const end = isVe ? run.time : processTime(process, run.time)
      const range: DifferenceRange = {
        end,
        speedAt(t) {
          if (isVe) return 1 / angleRate(scale, t)
          const tau = veTime(process, t)
          return Math.max(timeRate({ process, density }, tau, end) / angleRate(scale, tau), LEAST_SPEED * end)
        },
      }
      const own: DescribedMap & Partial<OnnxMap> = await create(range)
      try {
        const reduced = isVe
          ? inVeTime(own, density, run.centre)
          : inProcessTime(own, process, density, run.time)
        if (own.graphs) checkGraph(reduced, own.graphs, density, run.time)
        if (check) checkPair(own, check, { dimension, scale, file })
        return reduced.map
      } catch (error) {
        own.close?.()
        throw error
      }
    },
  }
}

/**
 * Reads a network that was trained elsewhere, and makes it a method.
 *
 * @throws InputError naming the file or the key that does not fit
 * @example const f = await solve(problem, await loadNetwork('my-network'), { time: 10 })
 */
export async function loadNetwork(path: string): Promise<Method> {
  return networkMethod(await readNetwork(path))
}

function creator(description: NetworkDescription, [first, dual]: readonly GraphSource[]) {
  if (description.kind === 'mlp') {
    const named = description.layers.flatMap(({ weight, bias }) =>
      bias === undefined ? [weight] : [weight, bias],
    )
    const { tensors } = decodeSafetensors(first.bytes, first.file, named)
    return async () => mlpMap(description, tensors, first.file)
  }
  return (range: DifferenceRange) => onnxMap(description, first, dual ?? null, range)
}

function baseName(path: string): string {
  return /([^/\\]+?)(\.json)?[/\\]*$/i.exec(path)?.[1] ?? 'network'
}
