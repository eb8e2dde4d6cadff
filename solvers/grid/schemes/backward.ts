import type { Velocity } from '../../characteristics/engine.ts'
import { evaluateExtended } from '../interpolation/extended.ts'
import type { Field } from '../interpolation/field.ts'
import type { Discretisation } from './scheme.ts'
import { tracer } from './trace.ts'

/**
 * Backward tracing: f at a node is f before the step at the foot of the node's characteristic. Beyond the box f is
 * continued linearly.
 *
 * @param nodes [size, d] where the values of a state are taken
 * @param field the interpolant of node values
 */
export function backward(
  nodes: Float64Array,
  velocity: Velocity,
  field: (f: Float64Array) => Field,
): Discretisation {
  const trace = tracer(velocity, nodes.length)
  const feet = new Float64Array(nodes.length)
  return {
    nodes,
    field,
    step(f, from, to) {
      feet.set(nodes)
      trace(feet, to, from)
      evaluateExtended(field(f), feet)
      f.set(feet)
    },
  }
}
