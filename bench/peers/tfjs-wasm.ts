import { enableProdMode, setBackend } from '@tensorflow/tfjs-core'
import { registerGradients } from '../../src/backend/use-backend.ts'
import { ComputationError } from '../../src/errors.ts'

/**
 * Starts @tensorflow/tfjs-backend-wasm. It has none of our kernels, so that layers and optimisers run as plain operations of
 * tfjs-core. On Node it has one thread whatever is asked for.
 */
export async function startWasm(threads: number): Promise<{ name: string; description: string }> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm')
  enableProdMode()
  wasm.setThreadsCount(threads)
  if (!(await setBackend('wasm'))) throw new ComputationError('The backend wasm did not start.')
  registerGradients()
  return {
    name: 'wasm',
    description: `tfjs-backend-wasm ${wasm.version_wasm}, ${wasm.getThreadsCount()} of ${threads} threads`,
  }
}
