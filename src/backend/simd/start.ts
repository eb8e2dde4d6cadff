import { copyRegisteredKernels, findBackend, registerBackend, removeBackend } from '@tensorflow/tfjs-core'
import { openBlas } from '../../kernels/blas.ts'
import { Crew, loadKernels } from '../../kernels/crew.ts'
import { MemoryPool } from '../../kernels/memory-pool.ts'
import { additiveKernels, layerKernels, residualKernels, stepKernels } from './layers.ts'
import { operationKernels, sliceKernels } from './operations.ts'
import { defineKernels, SIMD, SimdBackend } from './simd-backend.ts'
import { stackKernels } from './stack.ts'

const tables = [
  operationKernels,
  layerKernels,
  stackKernels,
  additiveKernels,
  sliceKernels,
  residualKernels,
  stepKernels,
]
let running = ''
let description = ''

/** Registers the backend `simd`; a second call with the same options keeps the first one and its tensors. */
export async function startSimd(threads: number, useBlas: boolean): Promise<string> {
  const wanted = `${threads} ${useBlas}`
  const before = findBackend(SIMD)
  if (before instanceof SimdBackend) {
    if (wanted === running) return description
    running = ''
    await before.stop()
    removeBackend(SIMD)
  } else {
    copyRegisteredKernels('cpu', SIMD)
    for (const kernels of tables) defineKernels(kernels)
  }
  const pool = new MemoryPool()
  const blas = useBlas ? await openBlas(pool.memory) : null
  const loaded = await loadKernels(pool.memory, { blas })
  const crew = await Crew.start(loaded, pool, threads)
  const backend = new SimdBackend(pool, loaded.kernels, crew, blas !== null)
  registerBackend(SIMD, () => backend)
  running = wanted
  const build = loaded.fused ? 'SIMD with fused multiply-add' : 'SIMD'
  const products = blas ? `, matrix products by ${blas.library}` : ''
  description = `WebAssembly ${build}${products}, ${crew.threads} thread${crew.threads === 1 ? '' : 's'}`
  return description
}
