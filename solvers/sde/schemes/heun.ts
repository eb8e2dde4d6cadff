import type { SdeScheme } from './scheme.ts'

/**
 * The trapezoidal rule with an Euler–Maruyama predictor: X + ½h (a(t, X) + a(t + h, X̃)) + I₁ √(½(g(t)² + g(t + h)²)). With
 * additive noise of strong order 1 and weak order 2 (Kloeden & Platen, §15.1).
 */
export const heun: SdeScheme = {
  name: 'heun',
  strongOrder: 1,
  weakOrder: 2,
  stages: 2,
  step(sde, t, h, x, { single }, [first, second, place]) {
    // one coefficient for both: the variance of the noise by the trapezoidal rule
    const g = Math.sqrt((sde.noise(t) ** 2 + sde.noise(t + h) ** 2) / 2)
    sde.drift(t, x, first)
    for (let i = 0; i < x.length; i++) place[i] = x[i] + h * first[i] + g * single[i]
    sde.drift(t + h, place, second)
    for (let i = 0; i < x.length; i++) x[i] += (h * (first[i] + second[i])) / 2 + g * single[i]
  },
}
