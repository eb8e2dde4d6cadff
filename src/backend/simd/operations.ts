import { type TensorInfo, util } from '@tensorflow/tfjs-core'
import { applyBroadcast, planBroadcast } from './broadcast.ts'
import { isFloat, type Kernel, sizeOf } from './define.ts'
import { passParts, productParts, sumParts } from './parts.ts'
import type { SimdBackend } from './simd-backend.ts'

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
