import type { Random } from '../../src/random/random.ts'

/**
 * n training points: named columns of n rows each. Every set has `theta` [n], `y` [n, d] and `weight` [n]; the flow adds
 * `velocity` [n, d], sampling adds `start` [n, d] and `noise` [n, d] (X₀ and Z), and a loss may add columns of its own. `arrival` [n] is the second
 * angle of losses that compare two.
 */
export type TrainingPoints = {
  readonly theta: Float64Array
  readonly y: Float64Array
  readonly weight: Float64Array
} & { readonly [column: string]: Float64Array }

/** A column that another part must have filled. */
export function column(points: TrainingPoints, name: string): Float64Array {
  const values = points[name]
  if (!values) throw new Error(`training points without the column ${name}`)
  return values
}

/** θ, y and the weight with these other columns only. */
export function withColumns(points: TrainingPoints, ...names: readonly string[]): TrainingPoints {
  const { theta, y, weight } = points
  return { theta, y, weight, ...Object.fromEntries(names.map((name) => [name, column(points, name)])) }
}

/** Points with the second angles that the loss draws anew in every batch, if it does. */
export function withArrivals(
  points: TrainingPoints,
  { arrival }: { arrival?(theta: number, random: Random): number },
  random: Random,
): TrainingPoints {
  return arrival ? { ...points, arrival: points.theta.map((theta) => arrival(theta, random)) } : points
}

/** The rows of these indices, of every column. */
export function gatherPoints(points: TrainingPoints, indices: Int32Array): TrainingPoints {
  const rows = points.theta.length
  const gathered = Object.entries(points).map(([name, values]) => {
    const width = values.length / rows
    const out = new Float64Array(indices.length * width)
    for (let i = 0; i < indices.length; i++)
      for (let j = 0; j < width; j++) out[i * width + j] = values[indices[i] * width + j]
    return [name, out]
  })
  return Object.fromEntries(gathered)
}

/** One set of all rows of several with the same columns. */
export function joinPoints(parts: readonly TrainingPoints[]): TrainingPoints {
  const names = Object.keys(parts[0] ?? {})
  const joined = names.map((name) => {
    const out = new Float64Array(parts.reduce((sum, part) => sum + column(part, name).length, 0))
    let at = 0
    for (const part of parts) {
      out.set(column(part, name), at)
      at += column(part, name).length
    }
    return [name, out]
  })
  return Object.fromEntries(joined)
}

/** Where the points of each batch come from. */
export interface TrainingPointSource {
  /**
   * What has to be ready before a step, such as a pool of stored points; gives way to other work now and then.
   *
   * @returns whether a training without interruptions had it ready before, so that it was made a second time
   */
  prepare(step: number, pause: () => Promise<void>): Promise<boolean>
  /** The points of the next batch with their targets. `progress` is the share of the training that is done. */
  next(progress: number): TrainingPoints
}
