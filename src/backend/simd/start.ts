import { copyRegisteredKernels, findBackend, registerBackend, removeBackend } from '@tensorflow/tfjs-core'
import { Crew } from '../../kernels/crew.ts'
import { loadKernels } from '../../kernels/load.ts'
import { MemoryPool } from '../../kernels/memory-pool.ts'
import { defineKernels, SIMD } from './define.ts'
import { layerKernels } from './layers.ts'
import { operationKernels } from './operations.ts'
import { SimdBackend } from './simd-backend.ts'
import { stepKernels } from './steps.ts'

let threadsRunning = 0
let description = ''

/** Registers the backend `simd`; a second call with as many threads keeps the first one and its tensors. */
export async function startSimd(threads: number): Promise<string> {
  const before = findBackend(SIMD)
  if (before instanceof SimdBackend) {
    if (threads === threadsRunning) return description
    await before.stop()
    removeBackend(SIMD)
  } else {
    copyRegisteredKernels('cpu', SIMD)
    for (const kernels of [operationKernels, layerKernels, stepKernels]) defineKernels(kernels)
  }
  const pool = new MemoryPool()
  const loaded = await loadKernels(pool.memory)
  const crew = await Crew.start(loaded, pool, threads)
  const backend = new SimdBackend(pool, loaded.kernels, crew)
  registerBackend(SIMD, () => backend)
  threadsRunning = threads
  const build = loaded.fused ? 'SIMD with fused multiply-add' : 'SIMD'
  description = `WebAssembly ${build}, ${crew.threads} thread${crew.threads === 1 ? '' : 's'}`
  return description
}
