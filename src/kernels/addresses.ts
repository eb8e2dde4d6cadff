import { ComputationError } from '../errors.ts'

const NONE =
  'The system has no room of addresses for WebAssembly, which asks for some 10 GB of them for every memory and uses little: a limit such as `ulimit -v` must be larger, or Node be started with --disable-wasm-trap-handler.'

/**
 * Makes a WebAssembly memory, or an instance that has one.
 *
 * @throws ComputationError where the system has no room for its addresses
 */
export function withAddresses<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    // "could not allocate memory", "Out of memory"
    if (error instanceof RangeError || /memory/i.test(String(error))) throw new ComputationError(NONE)
    throw error
  }
}
