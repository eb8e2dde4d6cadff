import type { Method, VeMap } from '../../../src/consistency-function.ts'
import { InputError, oneLine } from '../../../src/errors.ts'
import { BadInput } from '../../../src/io/bad-input.ts'
import { readJson } from '../../../src/io/json.ts'
import { readBytes } from '../../../src/io/read-bytes.ts'
import { decodeSafetensors } from '../../../src/io/safetensors.ts'
import { LAST_TIME } from '../../../src/problem/process.ts'
import { parseWith } from '../../../src/problem/specification.ts'
import { checkGraph } from './check-graph.ts'
import { checkPair } from './check-pair.ts'
import { type NetworkDescription, networkSchema } from './description.ts'
import { NETWORK_FILE } from './description-path.ts'
import { mlpMap } from './mlp-map.ts'
import type { GraphSource } from './onnx-host.ts'
import { type OnnxMap, onnxMap } from './onnx-map.ts'
import { readOnnx } from './onnx-weights.ts'

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

/**
 * A network that was trained elsewhere as a method. All of it is data: of a safetensors network nothing runs but dense layers.
 *
 * @throws InputError naming the file or the key that does not fit
 */
export function networkMethod({ file, name, description, sources }: NetworkFiles): Method {
  const create = creator(description, sources)
  const { dimension, check } = description
  return {
    name: `network:${description.name ?? name}`,
    options: { kind: description.kind },
    target: 'map',
    random: false,
    async solveVe(density, run) {
      if (density.dimension !== dimension)
        throw new InputError('network.dimension', dimension, `${density.dimension}, that of the problem`)
      if (run.time >= LAST_TIME)
        throw new InputError(
          'the time',
          'the end of a process, where no data are left',
          'an earlier one: the t of a network of your own is that of the VE process, which is infinite there (points and score have no such limit)',
        )
      const { scale } = density.moments
      const map: VeMap & Partial<OnnxMap> = await create(scale, run.time)
      try {
        if (map.graphs) checkGraph(map, map.graphs, density, run.time)
        if (check) checkPair(map, check, { dimension, scale, file })
      } catch (error) {
        map.close?.()
        throw error
      }
      return run.centre ? aboutOrigin(map, run.centre) : map
    },
  }
}

/** A map of data as they are, in the coordinates of the problem that is centred. */
function aboutOrigin(map: VeMap, centre: Float64Array): VeMap {
  const moved = (x: Float64Array, sign: 1 | -1) =>
    x.map((value, i) => value + sign * centre[i % centre.length])
  const { jvp } = map
  return {
    get functionEvaluations() {
      return map.functionEvaluations
    },
    ...(map.startTime !== undefined && { startTime: map.startTime }),
    evaluate: (t, x) => moved(map.evaluate(t, moved(x, 1)), -1),
    ...(jvp && {
      jvp(t, x, dx) {
        const { value, ...rest } = jvp.call(map, t, moved(x, 1), dx)
        return { value: moved(value, -1), ...rest }
      },
    }),
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
  return (scale: number, time: number) => onnxMap(description, first, dual ?? null, { scale, time })
}

function baseName(path: string): string {
  return /([^/\\]+?)(\.json)?[/\\]*$/i.exec(path)?.[1] ?? 'network'
}
