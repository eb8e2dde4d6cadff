import type { Method, VeMap } from '../../../src/consistency-function.ts'
import { InputError } from '../../../src/errors.ts'
import { readJson } from '../../../src/io/json.ts'
import { readBytes } from '../../../src/io/read-bytes.ts'
import { decodeSafetensors } from '../../../src/io/safetensors.ts'
import { parseWith } from '../../../src/problem/specification.ts'
import { checkGraph } from './check-graph.ts'
import { checkPair } from './check-pair.ts'
import { type NetworkDescription, networkSchema } from './description.ts'
import { mlpMap } from './mlp-map.ts'
import type { GraphSource } from './onnx-host.ts'
import { type OnnxMap, onnxMap } from './onnx-map.ts'

/** The description in a folder of a network. */
export const NETWORK_FILE = 'network.json'

/**
 * A network that was trained elsewhere as a method (docs/your-own-network.md): a description in JSON with a safetensors file of its
 * weights or an ONNX graph beside it. All of it is data: of a safetensors network nothing runs but dense layers.
 *
 * @param path the description, or a folder that holds it as network.json
 * @throws InputError naming the file or the key that does not fit
 * @example const f = await solve(problem, await loadNetwork('my-network'), { time: 10 })
 */
export async function loadNetwork(path: string): Promise<Method> {
  const file = /\.json$/i.test(path) ? path : `${path}/${NETWORK_FILE}`
  const json = await readJson(file)
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new InputError(file, json, 'the description of a network, a JSON object')
  const description = parseWith(networkSchema, json, 'network')
  const folder = /^(.*[/\\])?[^/\\]*$/.exec(file)?.[1] ?? ''
  const source = async (name: string): Promise<GraphSource> => ({
    file: `${folder}${name}`,
    bytes: await readBytes(`${folder}${name}`),
  })
  const create = await creator(description, source)
  const { dimension, check } = description
  return {
    name: `network:${description.name ?? baseName(path)}`,
    options: { kind: description.kind },
    target: 'map',
    random: false,
    async solveVe(density, run) {
      if (density.dimension !== dimension)
        throw new InputError('network.dimension', dimension, `${density.dimension}, that of the problem`)
      const { scale } = density.moments
      const map: VeMap & Partial<OnnxMap> = await create(scale, run.time)
      try {
        if (map.graphs) checkGraph(map, map.graphs, density, run.time)
        if (check) checkPair(map, check, { dimension, scale, file })
      } catch (error) {
        map.close?.()
        throw error
      }
      return map
    },
  }
}

async function creator(description: NetworkDescription, source: (name: string) => Promise<GraphSource>) {
  if (description.kind === 'mlp') {
    const { file, bytes } = await source(description.weights)
    const named = description.layers.flatMap(({ weight, bias }) =>
      bias === undefined ? [weight] : [weight, bias],
    )
    const { tensors } = decodeSafetensors(bytes, file, named)
    return async () => mlpMap(description, tensors, file)
  }
  const graph = await source(description.graph)
  const dual = description.dual === undefined ? null : await source(description.dual)
  return (scale: number, time: number) => onnxMap(description, graph, dual, { scale, time })
}

function baseName(path: string): string {
  return /([^/\\]+?)(\.json)?[/\\]*$/i.exec(path)?.[1] ?? 'network'
}
