import { ownVelocity, timeRate } from '../../../src/certificate/trajectory-points.ts'
import type { VeMap } from '../../../src/consistency-function.ts'
import type { Density } from '../../../src/problem/density.ts'
import {
  ownData,
  type Process,
  processTime,
  ratesOf,
  veData,
  vePoints,
  veTime,
} from '../../../src/problem/process.ts'
import { type DescribedMap, type Reduced, startOf } from './described-map.ts'

type Derivative = ReturnType<DescribedMap['jvp']>

// where σ′ has no limit at the start, this share of the data scale stands for it
const NEARLY_ZERO = 1e-8

/**
 * A map in the time and coordinates of a linear process as one of the VE problem: f_VE(τ, y) = f(t, α y + m), τ = σ/α.
 *
 * @param largest the largest VE time
 */
export function inProcessTime(
  own: DescribedMap,
  process: Process,
  density: Density,
  largest: number,
): Reduced {
  const { dimension: d, moments } = density
  const last = processTime(process, largest)

  /** t, and α and m there: near the end of a process 1 − t has lost the digits that σ/τ has. */
  const placeAt = cached((tau: number) => {
    const t = processTime(process, tau, last)
    const alpha = tau > 1 ? process.sigma(t) / tau : process.alpha(t)
    return { t, alpha, mean: process.mean?.(t) ?? 0 }
  })
  function place(tau: number, y: Float64Array) {
    const { t, alpha, mean } = placeAt(tau)
    return { t, x: ownData(process, y).map((value) => alpha * value + mean) }
  }
  const rateAt = cached((tau: number) => timeRate({ process, density }, tau, last))
  /** Derivatives by t as those by τ. */
  function byTau({ value, tangent, error }: Derivative, tau: number, alpha: number): Derivative {
    const rate = rateAt(tau) / alpha
    const scaled = (values: Float64Array) => values.map((one) => rate * one)
    return { value, tangent: scaled(tangent), ...(error && { error: scaled(error) }) }
  }

  function to(u: number): VeMap {
    const end = u === 0 ? 0 : processTime(process, u, last)
    const startTime = Math.max(u, veTime(process, startOf(own, end)))
    const alpha = u === 0 ? 1 : process.alpha(end)
    const reduced = (values: Float64Array) =>
      u === 0 ? veData(process, values) : vePoints(process, end, values)
    const along = (tau: number, y: Float64Array, dx: Float64Array): Derivative => {
      const { t, x } = place(tau, y)
      const found = byTau(own.jvp(t, x, dx, end), tau, alpha)
      return { ...found, value: reduced(found.value) }
    }
    return {
      functionEvaluations: 0,
      startTime,
      byDifferences: own.byDifferences,
      evaluate(tau, y) {
        const { t, x } = place(tau, y)
        return reduced(own.evaluate(t, x, end))
      },
      alongFlow: (tau, y) => along(tau, y, ownVelocity({ process, density }, placeAt(tau).t, tau, y)),
      jvp(tau, y, dy) {
        // dx/dt = α′(y − τ dy) + σ′ dy + m′, y about the origin
        const at = Math.max(tau, NEARLY_ZERO * moments.scale)
        const { t } = placeAt(at)
        const rates = ratesOf(process, t)
        const growth = rates.variance / (2 * process.sigma(t))
        const dx = ownData(process, y).map(
          (value, i) => rates.alpha * (value - at * dy[i]) + growth * dy[i] + rates.mean,
        )
        return along(at, y, dx)
      },
      jacobian: (tau, y) => jacobian(tau, y, end, alpha),
      to,
      ...(own.twoTimes && {
        flow: { evaluate: (tau: number, other: number, y: Float64Array) => to(other).evaluate(tau, y) },
      }),
    }
  }

  /** [n, d, d]: by derivatives in x alone, each the difference of two along (1, dx). */
  function jacobian(tau: number, y: Float64Array, end: number, alphaAtEnd: number): Float64Array {
    const { t, x } = place(tau, y)
    const scale = placeAt(tau).alpha / alphaAtEnd
    const direction = new Float64Array(x.length)
    const still = own.jvp(t, x, direction, end).tangent
    const out = new Float64Array(x.length * d)
    for (let j = 0; j < d; j++) {
      for (let i = 0; i < x.length; i++) direction[i] = Number(i % d === j)
      const { tangent } = own.jvp(t, x, direction, end)
      for (let i = 0; i < x.length; i++) out[i * d + j] = scale * (tangent[i] - still[i])
    }
    return out
  }

  return { map: to(0), place }
}

/** The last value of a function again where it is asked for the same time. */
function cached<T>(at: (time: number) => T): (time: number) => T {
  let known: { readonly time: number; readonly value: T } | null = null
  return (time) => {
    if (known?.time !== time) known = { time, value: at(time) }
    return known.value
  }
}
