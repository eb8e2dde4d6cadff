import type { FlowVelocity } from '../velocity.ts'

/**
 * Carries points along the flow through ascending angles, each interval in one classical Runge–Kutta step. The flow forward
 * has no layers (docs/mathematics.md §2), so that 64 steps are plenty for training points.
 *
 * @param y [n, d] at the angle `from`; overwritten
 * @param visit called with the index of each of `angles`, y and the velocity there, both [n, d] and valid during the call only
 */
export function carry(
  velocity: FlowVelocity,
  y: Float64Array,
  from: number,
  angles: readonly number[],
  visit: (index: number, y: Float64Array, velocity: Float64Array) => void,
): void {
  const [k1, k2, k3, k4, stage] = Array.from({ length: 5 }, () => new Float64Array(y.length))
  const combine = (factor: number, k: Float64Array) => {
    for (let i = 0; i < y.length; i++) stage[i] = y[i] + factor * k[i]
    return stage
  }
  let theta = from
  velocity.at(theta, y, k1)
  for (const [index, next] of angles.entries()) {
    const h = next - theta
    velocity.at(theta + h / 2, combine(h / 2, k1), k2)
    velocity.at(theta + h / 2, combine(h / 2, k2), k3)
    velocity.at(next, combine(h, k3), k4)
    for (let i = 0; i < y.length; i++) y[i] += (h / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i])
    theta = next
    // the velocity at the new point is the first stage of the next step
    velocity.at(theta, y, k1)
    visit(index, y, k1)
  }
}
