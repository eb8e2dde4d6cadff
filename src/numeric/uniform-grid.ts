/**
 * A uniform tensor grid in y: the same number of nodes on every axis. Node values are row-major, the last axis
 * fastest, with the components of a vector field side by side at every node.
 */
export interface UniformGrid {
  readonly dimension: number
  /** Nodes an axis. */
  readonly nodes: number
  /** nodes^dimension */
  readonly size: number
  /** [d] the first node of every axis */
  readonly low: Float64Array
  /** [d] the last node of every axis */
  readonly high: Float64Array
  /** [d] the distance between neighbouring nodes */
  readonly spacing: Float64Array
}

/** The grid of `nodes` nodes an axis on the box [low, high]. */
export function uniformGrid(low: Float64Array, high: Float64Array, nodes: number): UniformGrid {
  const dimension = low.length
  const spacing = low.map((from, i) => (high[i] - from) / (nodes - 1))
  return { dimension, nodes, size: nodes ** dimension, low, high, spacing }
}

/** The grid on the cube |y_i| ≤ extent. */
export function cube(dimension: number, extent: number, nodes: number): UniformGrid {
  const high = new Float64Array(dimension).fill(extent)
  return uniformGrid(
    high.map((value) => -value),
    high,
    nodes,
  )
}

/** The coordinates of all nodes, size·d values. */
export function nodeCoordinates(grid: UniformGrid): Float64Array {
  const { dimension: d, nodes, size, low, high } = grid
  const y = new Float64Array(size * d)
  for (let i = 0; i < d; i++) {
    const below = nodes ** (d - 1 - i)
    for (let node = 0; node < size; node++) {
      const j = Math.floor(node / below) % nodes
      // both ends exact
      y[node * d + i] = (low[i] * (nodes - 1 - j) + high[i] * j) / (nodes - 1)
    }
  }
  return y
}

/** The index of the first value of line `line` along `axis`, for values stored `width` at a node. */
export function lineStart(grid: UniformGrid, axis: number, line: number, width: number): number {
  const stride = grid.nodes ** (grid.dimension - 1 - axis)
  return (Math.floor(line / stride) * stride * grid.nodes + (line % stride)) * width
}
