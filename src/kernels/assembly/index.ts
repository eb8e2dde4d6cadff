import { SCRATCH } from './gemm'

export { additiveBackward, additiveForward } from './additive'
export { claim, open } from './claim'
export { columnSums, denseBackward, denseForward } from './dense'
export { addUp, binary, total, unary } from './elementwise'
export { filmBackward, filmForward } from './film'
export { begin, gemm, gemmSums, prepare } from './gemm'
export { adamDirection, adamStep, blend } from './optimiser'
export { orthogonalFactor } from './orthogonal'
export { skipBackward, skipForward, weightedSquares, weightedSquaresBackward } from './skip'
export { stackBackward, stackForward, stackGradients, stackPack } from './stack'

/** Bytes of working memory a thread needs. */
export function scratchBytes(): usize {
  return SCRATCH
}
