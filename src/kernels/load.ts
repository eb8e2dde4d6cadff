import type { Blas } from './blas.ts'
import { plain, relaxed } from './generated/binaries.ts'
import type { Kernels } from './kernels.ts'

export interface LoadedKernels {
  readonly kernels: Kernels
  readonly module: WebAssembly.Module
  /** True for the build with fused multiply-add. */
  readonly fused: boolean
  /** The library that multiplies matrices in place of our kernel, if one was asked for. */
  readonly blas: Blas | null
}

/** The build with fused multiply-add, and the one for engines without it. */
export type Build = 'relaxed' | 'plain'

/**
 * Compiles the kernels on a shared memory: the build with relaxed SIMD where the engine takes it, the plain one otherwise,
 * unless one is named. Node 20 takes it with a flag only, which is set here before anything is compiled.
 */
export async function loadKernels(
  memory: WebAssembly.Memory,
  { build, blas = null }: { readonly build?: Build; readonly blas?: Blas | null } = {},
): Promise<LoadedKernels> {
  await allowRelaxedSimd()
  const bytes = decode(relaxed)
  const fused = build === undefined ? WebAssembly.validate(bytes) : build === 'relaxed'
  const module = await WebAssembly.compile(fused ? bytes : decode(plain))
  const sgemm = blas?.sgemm ?? (() => {})
  const { exports } = await WebAssembly.instantiate(module, { env: { memory, sgemm } })
  return { kernels: exports as unknown as Kernels, module, fused, blas }
}

async function allowRelaxedSimd(): Promise<void> {
  if (typeof process === 'undefined' || !process.versions?.node) return
  const v8 = await import('node:v8')
  v8.setFlagsFromString('--experimental-wasm-relaxed-simd')
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}
