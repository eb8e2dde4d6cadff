import type { Velocity } from '../../characteristics/engine.ts'
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
      point.set(y)
      rk4.a[s].forEach((weight, k) => {
        if (weight !== 0) for (let i = 0; i < length; i++) point[i] += h * weight * stages[k][i]
      })
      velocity(from + node * h, point, stages[s])
    })
    rk4.b.forEach((weight, s) => {
      for (let i = 0; i < length; i++) y[i] += h * weight * stages[s][i]
    })
  }
}
