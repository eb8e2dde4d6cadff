import { Integrator } from '../../../src/characteristics/engine.ts'
import { rk4 } from '../../../src/numeric/tableaux/low-order.ts'
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
  const step = new Integrator(rk4, y.length, 1)
  const flow = (theta: number, at: Float64Array, out: Float64Array) => velocity.at(theta, at, out)
  // the velocity at the new point is the first stage of the next step
  const slope = new Float64Array(y.length)
  let theta = from
  velocity.at(theta, y, slope)
  for (const [index, next] of angles.entries()) {
    step.advance(flow, theta, next, y, { slope })
    theta = next
    velocity.at(theta, y, slope)
    visit(index, y, slope)
  }
}
