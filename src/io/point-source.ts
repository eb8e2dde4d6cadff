import { type Points, points, rowMajor } from '../points/points.ts'

/** Points that are read a part at a time. */
export interface PointSource {
  readonly dimension: number
  /** How many rows there are, as far as is known before all of them are read. */
  rows(): number
  /**
   * All points in order, `rows` at a time, the rest last.
   *
   * @throws InputError at the first row that is not what it should be
   */
  parts(rows: number): AsyncIterable<Points>
}

/** Points that are in memory already. */
export function memorySource(X: Points): PointSource {
  const [n, dimension] = X.shape as [number, number]
  return {
    dimension,
    rows: () => n,
    async *parts(rows) {
      const x = rowMajor(X)
      for (let done = 0; done < n; done += rows)
        yield points(x.subarray(done * dimension, (done + rows) * dimension), dimension)
    },
  }
}
