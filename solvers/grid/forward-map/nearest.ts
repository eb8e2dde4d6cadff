import type { UniformGrid } from '../uniform-grid.ts'

/** Finds tabulated images near points. */
export interface Nearest {
  /** The index of the image nearest to the d coordinates y[start …]. */
  first(y: Float64Array, start: number): number
  /** All different images nearest to the buckets around, the most promising first. */
  around(y: Float64Array, start: number): number[]
}

/** Buckets on either side that `around` looks at. */
const AROUND = 2

/**
 * Looks up images in a uniform grid of buckets over the box around them: every bucket holds the image nearest to its
 * centre, as far as sweeps over the neighbours find it (Danielsson 1980). About two buckets an image along every axis.
 * Near means few cells of z away by the node's own inverse Jacobian: the images of a gap between modes lie densely on a
 * thin sheet, and Newton's method does not get out of the gap from there, but does get into it from outside.
 *
 * @param inverses [size, d, d] inverse Jacobians at the nodes
 */
export function nearestImage(images: Float64Array, inverses: Float64Array, grid: UniformGrid): Nearest {
  const { dimension: d, nodes, size, spacing } = grid
  const across = 2 * nodes
  const low = new Float64Array(d).fill(Infinity)
  const high = new Float64Array(d).fill(-Infinity)
  for (let at = 0; at < images.length; at++) {
    low[at % d] = Math.min(low[at % d], images[at])
    high[at % d] = Math.max(high[at % d], images[at])
  }
  const perUnit = low.map((value, i) => across / (high[i] - value))
  const strides = Array.from({ length: d }, (_, i) => across ** (d - 1 - i))
  const buckets = new Int32Array(across ** d).fill(-1)

  function bucketOf(y: Float64Array, start: number): number {
    let bucket = 0
    for (let i = 0; i < d; i++) {
      const cell = Math.floor((y[start + i] - low[i]) * perUnit[i])
      bucket += (cell < 0 ? 0 : cell >= across ? across - 1 : cell) * strides[i]
    }
    return bucket
  }

  const offset = new Float64Array(d)

  /** Squared distance, in cells of z, from y[start …] to an image. */
  function distance(y: Float64Array, start: number, image: number): number {
    for (let i = 0; i < d; i++) offset[i] = y[start + i] - images[image * d + i]
    let squares = 0
    for (let i = 0; i < d; i++) {
      let sum = 0
      for (let m = 0; m < d; m++) sum += inverses[(image * d + i) * d + m] * offset[m]
      squares += (sum / spacing[i]) ** 2
    }
    return squares
  }

  const centre = new Float64Array(d)

  function offer(bucket: number, image: number): void {
    const held = buckets[bucket]
    if (image < 0 || image === held) return
    for (let i = 0; i < d; i++)
      centre[i] = low[i] + ((Math.floor(bucket / strides[i]) % across) + 0.5) / perUnit[i]
    if (held < 0 || distance(centre, 0, image) < distance(centre, 0, held)) buckets[bucket] = image
  }

  for (let image = 0; image < size; image++) offer(bucketOf(images, image * d), image)
  // forward then backward over all buckets, twice: an image reaches every bucket
  for (let pass = 0; pass < 2; pass++) {
    for (let bucket = 0; bucket < buckets.length; bucket++)
      for (const stride of strides)
        if (Math.floor(bucket / stride) % across > 0) offer(bucket, buckets[bucket - stride])
    for (let bucket = buckets.length - 1; bucket >= 0; bucket--)
      for (const stride of strides)
        if (Math.floor(bucket / stride) % across < across - 1) offer(bucket, buckets[bucket + stride])
  }

  function around(y: Float64Array, start: number): number[] {
    const middle = bucketOf(y, start)
    const found = new Map<number, number>()
    for (let k = 0; k < (2 * AROUND + 1) ** d; k++) {
      let bucket = middle
      for (let i = 0, rest = k; i < d; i++, rest = Math.floor(rest / (2 * AROUND + 1))) {
        const cell = (Math.floor(middle / strides[i]) % across) + (rest % (2 * AROUND + 1)) - AROUND
        if (cell >= 0 && cell < across) bucket += ((rest % (2 * AROUND + 1)) - AROUND) * strides[i]
      }
      const image = buckets[bucket]
      if (!found.has(image)) found.set(image, distance(y, start, image))
    }
    return [...found].sort((a, b) => a[1] - b[1]).map(([image]) => image)
  }

  return { first: (y, start) => buckets[bucketOf(y, start)], around }
}
