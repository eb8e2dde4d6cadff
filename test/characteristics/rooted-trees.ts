/** A rooted tree of Butcher's theory by its subtrees, which come before it in the list. */
export interface RootedTree {
  readonly children: readonly number[]
  /** Its number of vertices. */
  readonly order: number
  /** γ, the product of the orders of all its subtrees and itself. */
  readonly density: number
}

/** All rooted trees of up to `highest` vertices, by order. */
export function rootedTrees(highest: number): RootedTree[] {
  const trees: RootedTree[] = [{ children: [], order: 1, density: 1 }]
  for (let order = 2; order <= highest; order++) {
    const known = trees.length
    const grow = (left: number, largest: number, children: readonly number[]): void => {
      if (left === 0) {
        trees.push({ children, order, density: order * children.reduce((g, i) => g * trees[i].density, 1) })
        return
      }
      for (let i = Math.min(largest, known - 1); i >= 0; i--)
        if (trees[i].order <= left) grow(left - trees[i].order, i, [...children, i])
    }
    grow(order - 1, known - 1, [])
  }
  return trees
}

/** Φ_i of every tree at every stage of a method: Φ_i(τ) = Π over its subtrees of Σ_j a_ij Φ_j. */
export function elementaryWeights(
  a: readonly (readonly number[])[],
  trees: readonly RootedTree[],
): Float64Array[] {
  const inner: Float64Array[] = []
  return trees.map(({ children }) => {
    const phi = new Float64Array(a.length).fill(1)
    for (const child of children) for (let i = 0; i < a.length; i++) phi[i] *= inner[child][i]
    inner.push(Float64Array.from(a, (row) => row.reduce((sum, weight, j) => sum + weight * phi[j], 0)))
    return phi
  })
}
