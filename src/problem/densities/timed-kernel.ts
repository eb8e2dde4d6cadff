import type { Lane } from '../../kernels/rows.ts'
import type { Times } from '../density.ts'

/** A kernel for the score (offset 0) and the denoiser (offset 1) of pairs of rows, each lane at a time that has been loaded. */
interface TimedKernel<Tables> {
  load(lane: Lane, tables: Tables): void
  combine(offset: 0 | 1, x: Float64Array, out: Float64Array, from?: number, to?: number): void
}

/**
 * The score (offset 0) or the denoiser (offset 1) for rows of dimension d: all at once where they share a time, else by pairs.
 *
 * @param tables what the kernel takes at a time for a quantity; may be the same arrays each time
 */
export function combineRows<Tables>(
  kernel: () => TimedKernel<Tables>,
  d: number,
  tables: (t: number, offset: 0 | 1) => Tables,
): (offset: 0 | 1, t: Times, x: Float64Array, out: Float64Array) => void {
  const loaded = [0, 1].map(() => ({ t: Number.NaN, offset: 0 }))
  function load(lane: Lane, t: number, offset: 0 | 1): void {
    if (loaded[lane].t === t && loaded[lane].offset === offset) return
    loaded[lane] = { t, offset }
    kernel().load(lane, tables(t, offset))
  }
  return (offset, t, x, out) => {
    if (typeof t === 'number') {
      load(0, t, offset)
      load(1, t, offset)
      kernel().combine(offset, x, out)
      return
    }
    const n = x.length / d
    for (let row = 0; row < n; row += 2) {
      const end = Math.min(row + 2, n)
      load(0, t[row], offset)
      if (end > row + 1) load(1, t[row + 1], offset)
      kernel().combine(offset, x, out, row * d, end * d)
    }
  }
}
