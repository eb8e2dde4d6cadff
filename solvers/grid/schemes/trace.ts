import type { Velocity } from '../../characteristics/engine.ts'
import { combine } from '../integrators/combine.ts'
import { rk4 } from '../integrators/rk4.ts'

/** Moves points in place along dy/dθ = v from one angle to another, by one step of the classical Runge–Kutta method. */
export type Trace = (y: Float64Array, from: number, to: number) => void

/** @param length values that `trace` is called with */
export function tracer(velocity: Velocity, length: number): Trace {
  const stages = rk4.b.map(() => new Float64Array(length))
  const point = new Float64Array(length)
  return (y, from, to) => {
    const h = to - from
    rk4.c.forEach((node, s) => {
      combine(point, y, h, rk4.a[s], stages)
      velocity(from + node * h, point, stages[s])
    })
    combine(y, y, h, rk4.b, stages)
  }
}
