import { heun as tableau } from '../../characteristics/tableaux/heun.ts'
import { rungeKuttaScheme } from './runge-kutta.ts'

/** Heun's method in t. */
export const heun = rungeKuttaScheme(
  tableau,
  'Heun steps of dx/dt = (x − D)/t: Karras et al. 2022 (arXiv:2206.00364), algorithm 1 without noise',
)
