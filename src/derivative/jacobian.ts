import type { NdArray } from 'ndarray'
import type { ConsistencyFunction } from '../consistency-function.ts'
import { InputError } from '../errors.ts'
import type { PointsLike } from '../points/points.ts'

/**
 * ∂f/∂x at time t, shape [n, d, d]: entry [row, i, j] is ∂f_i/∂x_j (docs/mathematics.md §2.8). In closed form for exact maps:
 * p_t(x)/p_data(f) on the line, one matrix for a Gaussian, a rotated diagonal for a product, two numbers for a radial density. By the
 * variational equation for characteristics (NaN in rows that did not arrive), by Jacobian–vector products for networks.
 *
 * @param X shape [n, d], places at time t
 * @throws InputError for a map without a derivative, as grids and samplers, or data on points or planes
 * @example const J = jacobian(f, 80, X); J.get(0, 0, 1) // ∂f₁/∂x₂ at the first point
 */
export function jacobian(f: ConsistencyFunction, t: number, X: PointsLike): NdArray<Float64Array> {
  if (!f.jacobian)
    throw new InputError('f', f.info.method, 'a map with a derivative: exact, characteristics or a network')
  return f.jacobian(t, X)
}
