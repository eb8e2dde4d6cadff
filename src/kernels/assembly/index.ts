import { SCRATCH } from './gemm'

export { columnSums, denseBackward, denseForward } from './dense'
export { binary, total, unary } from './elementwise'
export { filmBackward, filmForward } from './film'
export { gemm } from './gemm'
export { adamDirection, adamStep, blend } from './optimiser'
export { orthogonalFactor } from './orthogonal'

/** Bytes of working memory a thread needs. */
export function scratchBytes(): usize {
  return SCRATCH
}
