import { ComputationError, InputError } from '../../src/errors.ts'
import { Random } from '../../src/random/random.ts'
import { mutate } from './mutate.ts'
import { createParsers } from './parsers.ts'

/** What became of the inputs of one parser. */
interface FuzzCount {
  readonly parser: string
  readonly inputs: number
  readonly accepted: number
  readonly refused: number
  /** Inputs on which something else than an InputError or a ComputationError was thrown. */
  readonly crashes: readonly { readonly input: string; readonly error: string }[]
  /** Inputs that took longer than a second of CPU time, graphs three: one that ends its thread has the next start a thread and compile the runtime. */
  readonly hangs: readonly string[]
  readonly slowest: number
}

const HANG = 1
const HANG_OF_GRAPH = 3
const KEPT = 5

/**
 * Gives spoiled files to every parser.
 *
 * @param inputs how many in all
 */
export async function fuzz(inputs: number, seed: number): Promise<FuzzCount[]> {
  const parsers = Object.entries(await createParsers(Random.stream(seed, 'files to spoil')))
  const counts: FuzzCount[] = []
  for (const [name, { valid, parse, needsMore, mutate: spoil = mutate }] of parsers) {
    for (const file of valid)
      await Promise.resolve(parse(file)).catch((error) => {
        if (!(needsMore && error instanceof InputError)) throw error
      })
    const random = Random.stream(seed, `spoiled ${name}`)
    const count = Math.ceil(inputs / parsers.length)
    let [accepted, refused, slowest] = [0, 0, 0]
    const crashes: { input: string; error: string }[] = []
    const hangs: string[] = []
    for (let k = 0; k < count; k++) {
      const bytes = spoil(valid[k % valid.length], random)
      const start = process.cpuUsage()
      try {
        await parse(bytes)
        accepted++
      } catch (error) {
        if (error instanceof InputError || error instanceof ComputationError) refused++
        else if (crashes.length < KEPT) crashes.push({ input: shown(bytes), error: String(error) })
      }
      const { user } = process.cpuUsage(start)
      slowest = Math.max(slowest, user / 1e6)
      if (user / 1e6 > (name === 'onnx' ? HANG_OF_GRAPH : HANG) && hangs.length < KEPT)
        hangs.push(shown(bytes))
    }
    counts.push({ parser: name, inputs: count, accepted, refused, crashes, hangs, slowest })
  }
  return counts
}

/** Names that a hostile file has put on every object; none may be there. */
export function polluted(): string[] {
  return [...Object.keys(Object.prototype), ...Object.keys(Array.prototype)]
}

function shown(bytes: Uint8Array): string {
  return JSON.stringify(Buffer.from(bytes).toString('latin1').slice(0, 2000))
}
