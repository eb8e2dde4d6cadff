// biome-ignore lint/style/useImportType: AssemblyScript has no import of types
import { at, Table } from './layout'

/** Squared distance, in cells, between a place in the image space and the image of a node, by the node's own du/dΦ. */
export function nodeDistance(table: Table, node: i32, y: usize): f64 {
  const d = table.dimension
  const offset = table.scratch
  for (let i = 0; i < d; i++)
    store<f64>(offset + ((<usize>i) << 3), at(y, i) - at(table.images, node * d + i))
  let squares: f64 = 0
  for (let i = 0; i < d; i++) {
    let sum: f64 = 0
    for (let m = 0; m < d; m++) sum += at(table.inverses, (node * d + i) * d + m) * at(offset, m)
    squares += sum * sum
  }
  return squares
}

function axisLow(table: Table, axis: i32): f64 {
  return axis === 0 ? table.low0 : axis === 1 ? table.low1 : table.low2
}

function axisPerUnit(table: Table, axis: i32): f64 {
  return axis === 0 ? table.perUnit0 : axis === 1 ? table.perUnit1 : table.perUnit2
}

/** The bucket of the d numbers at y. */
export function bucketOf(table: Table, y: usize): i32 {
  const across = table.across
  let bucket = 0
  for (let axis = 0; axis < table.dimension; axis++) {
    const cell = floor((at(y, axis) - axisLow(table, axis)) * axisPerUnit(table, axis))
    bucket = bucket * across + <i32>min(max(cell, 0), <f64>(across - 1))
  }
  return bucket
}

function nodeOf(table: Table, bucket: i32): i32 {
  return load<i32>(table.buckets + ((<usize>bucket) << 2))
}

/** Puts a node into a bucket when it is nearer to its centre, the numbers at `centre`, than what the bucket holds. */
function offer(table: Table, bucket: i32, node: i32, centre: usize): void {
  const held = nodeOf(table, bucket)
  if (node < 0 || node === held) return
  const far = nodeDistance(table, node, centre)
  const best = table.distances + ((<usize>bucket) << 3)
  if (held >= 0 && !(far < load<f64>(best))) return
  store<f64>(best, far)
  store<i32>(table.buckets + ((<usize>bucket) << 2), node)
}

function centreOf(table: Table, bucket: i32, to: usize): void {
  for (let axis = table.dimension - 1; axis >= 0; axis--) {
    const cell = bucket % table.across
    bucket /= table.across
    store<f64>(to + ((<usize>axis) << 3), axisLow(table, axis) + (<f64>cell + 0.5) / axisPerUnit(table, axis))
  }
}

/**
 * Fills every bucket with the node whose image is nearest to its centre, as far as sweeps over the neighbours find it (Danielsson
 * 1980). Buckets hold −1 before. Near means few cells away: the images of a gap between modes lie densely on a
 * thin sheet, and Newton's method does not get out of the gap from there, but does get into it from outside.
 */
export function fillBuckets(table: Table, sweeps: i32): void {
  const d = table.dimension
  const across = table.across
  let count = 1
  for (let axis = 0; axis < d; axis++) count *= across
  const centre = table.scratch + 64
  for (let node = 0; node < table.size; node++) {
    const bucket = bucketOf(table, table.images + ((<usize>(node * d)) << 3))
    centreOf(table, bucket, centre)
    offer(table, bucket, node, centre)
  }
  // forward then backward over all buckets
  for (let pass = 0; pass < sweeps; pass++)
    for (let way = 0; way < 2; way++)
      for (let index = 0; index < count; index++) {
        const bucket = way === 0 ? index : count - 1 - index
        centreOf(table, bucket, centre)
        for (let axis = 0, stride = 1; axis < d; axis++, stride *= across) {
          const cell = (bucket / stride) % across
          if (way === 0 && cell > 0) offer(table, bucket, nodeOf(table, bucket - stride), centre)
          if (way === 1 && cell < across - 1) offer(table, bucket, nodeOf(table, bucket + stride), centre)
        }
      }
}
