import type { Times } from '../density.ts'

/** A kernel for the score (offset 0) and the denoiser (offset 1) at a time that has been loaded. */
interface TimedKernel {
  combine(offset: 0 | 1, x: Float64Array, out: Float64Array, from?: number, to?: number): void
}

/**
 * The score (offset 0) or the denoiser (offset 1) for rows of dimension d: all at once where they share a time, else row by row.
 *
 * @param prepare loads a time and a quantity into the kernel
 */
export function combineRows(
  kernel: () => TimedKernel,
  d: number,
  prepare: (t: number, offset: 0 | 1) => void,
): (offset: 0 | 1, t: Times, x: Float64Array, out: Float64Array) => void {
  return (offset, t, x, out) => {
    if (typeof t === 'number') {
      prepare(t, offset)
      kernel().combine(offset, x, out)
      return
    }
    for (let start = 0, row = 0; start < x.length; start += d, row++) {
      prepare(t[row], offset)
      kernel().combine(offset, x, out, start, start + d)
    }
  }
}
