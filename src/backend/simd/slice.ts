import { isFloat, type Kernel } from './define.ts'

/** A rectangle of a matrix, row by row: the cpu backend goes through it value by value. */
const slice: Kernel = ({ x }, backend, { begin, size }: { begin: number[]; size: number[] }) => {
  if (x.shape.length !== 2 || !isFloat(x)) return null
  const [rows, columns] = x.shape.map((n, i) => (size[i] < 0 ? n - begin[i] : size[i]))
  const { info } = backend.output([rows, columns])
  const from = backend.valuesOf(x)
  const to = backend.valuesOf(info)
  for (let row = 0; row < rows; row++) {
    const at = (begin[0] + row) * x.shape[1] + begin[1]
    to.set(from.subarray(at, at + columns), row * columns)
  }
  return info
}

export const sliceKernels: Readonly<Record<string, Kernel>> = { Slice: slice }
