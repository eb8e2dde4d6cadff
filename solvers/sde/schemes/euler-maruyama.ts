import type { SdeScheme } from './scheme.ts'

/**
 * X + h a(t, X) + g(t) I₁. With additive noise it is Milstein's scheme too, of strong order 1 (Kloeden & Platen, Numerical
 * Solution of Stochastic Differential Equations, §10.2–10.3); weak order 1.
 */
export const eulerMaruyama: SdeScheme = {
  name: 'euler-maruyama',
  strongOrder: 1,
  weakOrder: 1,
  stages: 1,
  step(sde, t, h, x, { single }, [a]) {
    sde.drift(t, x, a)
    const g = sde.noise(t)
    for (let i = 0; i < x.length; i++) x[i] += h * a[i] + g * single[i]
  },
}
