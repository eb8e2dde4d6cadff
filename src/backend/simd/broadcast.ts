/** An elementwise operation on two broadcast arrays as three nested loops: sizes, and the steps through both arrays. */
export interface Broadcast {
  readonly shape: number[]
  readonly sizes: [number, number, number]
  readonly left: [number, number, number]
  readonly right: [number, number, number]
}

/**
 * How two shapes broadcast. Neighbouring axes that both arrays walk alike are one loop; null if more than three remain or the
 * shapes do not fit.
 */
export function planBroadcast(a: readonly number[], b: readonly number[]): Broadcast | null {
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
export function applyBroadcast(
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
