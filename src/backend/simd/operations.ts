import { type TensorInfo, util } from '@tensorflow/tfjs-core'
import type { SimdBackend } from './simd-backend.ts'
import { isFloat, type Kernel, passParts, productParts, sizeOf, sumParts } from './simd-backend.ts'

/** Numbers of the functions in src/kernels/assembly/elementwise.ts. */
const unaries = ['Tanh', 'Sigmoid', 'Exp', 'Square', 'Sqrt', 'Neg']
const binaries = ['Add', 'Sub', 'Multiply', 'RealDiv']

const scalars: readonly ((a: number, b: number) => number)[] = [
  (a, b) => a + b,
  (a, b) => a - b,
  (a, b) => a * b,
  (a, b) => a / b,
]

function unary(op: number): Kernel {
  return ({ x }, backend) => {
    if (!isFloat(x)) return null
    const count = sizeOf(x)
    const { info, address } = backend.output(x.shape)
    backend.run('unary', passParts(count), op, count, backend.address(x), address)
    return info
  }
}

function binary(op: number): Kernel {
  return ({ a, b }, backend) => {
    if (!isFloat(a, b)) return null
    const single = sizeOf(b) === 1 ? 2 : sizeOf(a) === 1 ? 1 : 0
    const big = single === 1 ? b : a
    if (single === 0 && !sameShape(a.shape, b.shape)) return spread(op, a, b, backend)
    if (single !== 0 && (single === 1 ? a : b).shape.length > big.shape.length) return null
    const { info, address } = backend.output(big.shape)
    const count = sizeOf(big)
    backend.run(
      'binary',
      passParts(count, 65_536),
      op,
      single,
      count,
      backend.address(a),
      backend.address(b),
      address,
    )
    return info
  }
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i])
}

/** Shapes that differ: plain loops, since these are small arrays in a training step. */
function spread(op: number, a: TensorInfo, b: TensorInfo, backend: SimdBackend): TensorInfo | null {
  const plan = planBroadcast(a.shape, b.shape)
  if (plan === null) return null
  const { info } = backend.output(plan.shape)
  applyBroadcast(plan, scalars[op], backend.valuesOf(a), backend.valuesOf(b), backend.valuesOf(info))
  return info
}

/** op(A) op(B) for two matrices; higher ranks go to the cpu backend. */
const product: Kernel = ({ a, b }, backend, { transposeA, transposeB }) => {
  if (a.shape.length !== 2 || b.shape.length !== 2 || !isFloat(a, b)) return null
  const [rows, depth] = transposeA ? [a.shape[1], a.shape[0]] : a.shape
  const columns = transposeB ? b.shape[0] : b.shape[1]
  const { info, address } = backend.output([rows, columns])
  const sizes = [Number(transposeA), Number(transposeB), rows, columns, depth]
  const factors = [backend.address(a), backend.address(b)]
  const pieces = sumParts(rows, columns, depth)
  if (pieces === 1) {
    backend.run('gemm', productParts(rows, columns, depth), ...sizes, ...factors, address, 0)
    return info
  }
  const count = rows * columns
  const sums = backend.pool.allocate(4 * pieces * count)
  backend.run('gemmSums', pieces, ...sizes, ...factors, sums)
  backend.run('addUp', passParts(pieces * count, 65_536), pieces, count, sums, address)
  backend.pool.free(sums)
  return info
}

/** Sums over neighbouring axes, added up in float64; others go to the cpu backend. */
const sum: Kernel = ({ x }, backend, { axis, keepDims }) => {
  const { shape } = x
  const axes = util.parseAxisParam(axis ?? shape.map((_, i) => i), shape).sort((a, b) => a - b)
  if (!isFloat(x) || axes.some((a, i) => a !== axes[0] + i)) return null
  const kept = shape.filter((_, i) => !axes.includes(i))
  const { info } = backend.output(keepDims ? shape.map((n, i) => (axes.includes(i) ? 1 : n)) : kept)
  const to = backend.valuesOf(info)
  if (kept.length === 0) {
    to[0] = backend.kernels.total(sizeOf(x), backend.address(x))
    return info
  }
  const from = backend.valuesOf(x)
  const inner = shape.slice(axes[axes.length - 1] + 1).reduce((product, n) => product * n, 1)
  const length = axes.reduce((product, i) => product * shape[i], 1)
  for (let k = 0; k < to.length; k++) {
    const start = Math.floor(k / inner) * length * inner + (k % inner)
    let total = 0
    for (let i = 0; i < length; i++) total += from[start + i * inner]
    to[k] = total
  }
  return info
}

/** Operations of tfjs-core that a training step spends time on. */
export const operationKernels: Readonly<Record<string, Kernel>> = {
  ...Object.fromEntries(unaries.map((name, op) => [name, unary(op)])),
  ...Object.fromEntries(binaries.map((name, op) => [name, binary(op)])),
  BatchMatMul: product,
  Sum: sum,
}

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

/** An elementwise operation on two broadcast arrays as three nested loops: sizes, and the steps through both arrays. */
interface Broadcast {
  readonly shape: number[]
  readonly sizes: [number, number, number]
  readonly left: [number, number, number]
  readonly right: [number, number, number]
}

/**
 * How two shapes broadcast. Neighbouring axes that both arrays walk alike are one loop; null if more than three remain or the
 * shapes do not fit.
 */
function planBroadcast(a: readonly number[], b: readonly number[]): Broadcast | null {
  const rank = Math.max(a.length, b.length)
  const at = (shape: readonly number[], i: number): number => shape[i - rank + shape.length] ?? 1
  const shape: number[] = []
  // From the last axis to the first.
  const loops: { size: number; left: number; right: number; kind: string }[] = []
  let leftStep = 1
  let rightStep = 1
  for (let i = rank - 1; i >= 0; i--) {
    const [n, m] = [at(a, i), at(b, i)]
    if (n !== m && n !== 1 && m !== 1) return null
    const size = n === 1 ? m : n
    shape.unshift(size)
    if (size === 1) continue
    const kind = `${n === 1} ${m === 1}`
    const inner = loops.at(-1)
    if (inner?.kind === kind) inner.size *= size
    else loops.push({ size, left: n === 1 ? 0 : leftStep, right: m === 1 ? 0 : rightStep, kind })
    leftStep *= n
    rightStep *= m
  }
  if (loops.length > 3) return null
  while (loops.length < 3) loops.push({ size: 1, left: 0, right: 0, kind: '' })
  const [k, j, i] = loops
  return {
    shape,
    sizes: [i.size, j.size, k.size],
    left: [i.left, j.left, k.left],
    right: [i.right, j.right, k.right],
  }
}

/** z = x op y along a plan. */
function applyBroadcast(
  { sizes, left, right }: Broadcast,
  op: (a: number, b: number) => number,
  x: Float32Array,
  y: Float32Array,
  z: Float32Array,
): void {
  let to = 0
  for (let i = 0; i < sizes[0]; i++)
    for (let j = 0; j < sizes[1]; j++) {
      let p = i * left[0] + j * left[1]
      let q = i * right[0] + j * right[1]
      for (let k = 0; k < sizes[2]; k++, p += left[2], q += right[2]) z[to++] = op(x[p], y[q])
    }
}
