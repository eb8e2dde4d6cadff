import { rk4 } from '../../../src/numeric/tableaux/low-order.ts'
import { Integrator, type Velocity } from '../../characteristics/engine.ts'
import { evaluateExtended } from '../interpolation/extended.ts'
import type { Field } from '../interpolation/field.ts'
import type { Discretisation } from './scheme.ts'

/**
 * Backward tracing: f at a node is f before the step at the foot of the node's characteristic, which one step of the classical
 * Runge–Kutta method finds. Beyond the box f is continued linearly.
 *
 * @param nodes [size, d] where the values of a state are taken
 * @param field the interpolant of node values
 */
export function backward(
  nodes: Float64Array,
  velocity: Velocity,
  field: (f: Float64Array) => Field,
): Discretisation {
  const integrator = new Integrator(rk4, nodes.length, 1)
  const feet = new Float64Array(nodes.length)
  return {
    nodes,
    field,
    step(f, from, to) {
      feet.set(nodes)
      integrator.advance(velocity, to, from, feet)
      evaluateExtended(field(f), feet)
      f.set(feet)
    },
  }
}
