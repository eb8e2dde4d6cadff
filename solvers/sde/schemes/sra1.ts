import type { SdeScheme } from './scheme.ts'

/**
 * SRA1 for additive noise, of strong order 1.5 and weak order 2 (Rößler, Runge–Kutta methods for the strong approximation of
 * solutions of stochastic differential equations, SIAM J. Numer. Anal. 48, 2010, table 6.1).
 */
export const sra1: SdeScheme = {
  name: 'sra1',
  strongOrder: 1.5,
  weakOrder: 2,
  stages: 2,
  step(sde, t, h, x, { single, double }, [first, second, place]) {
    const [start, end] = [sde.noise(t), sde.noise(t + h)]
    sde.drift(t, x, first)
    for (let i = 0; i < x.length; i++) place[i] = x[i] + 0.75 * h * first[i] + (1.5 * end * double[i]) / h
    sde.drift(t + 0.75 * h, place, second)
    for (let i = 0; i < x.length; i++)
      x[i] += (h * (first[i] + 2 * second[i])) / 3 + end * single[i] + ((start - end) * double[i]) / h
  },
}
