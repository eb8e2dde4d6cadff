import { euler as tableau } from '../../characteristics/tableaux/euler.ts'
import { rungeKuttaScheme } from './runge-kutta.ts'

/** Euler's method in t, which for the VE process is DDIM and DPM-Solver++ of order 1. */
export const euler = rungeKuttaScheme(
  tableau,
  'Euler steps of dx/dt = (x − D)/t: Karras et al. 2022 (arXiv:2206.00364); the same as DDIM, Song et al. 2020 (arXiv:2010.02502)',
)
