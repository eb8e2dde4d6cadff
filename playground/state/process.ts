import { InputError } from '../../src/errors.ts'
import type { Process } from '../../src/problem/process.ts'
import { closedFormProcess } from '../../src/problem/processes/closed-form.ts'
import { ddpm } from '../../src/problem/processes/ddpm.ts'
import { interpolant } from '../../src/problem/processes/interpolant.ts'

/** The processes that need no formulas, as problem files have them (docs/problem-files.md). */
const specifications = {
  ve: { kind: 've' },
  vp: { kind: 'vp', betaMin: 0.1, betaMax: 20 },
  subVp: { kind: 'subVp', betaMin: 0.1, betaMax: 20 },
  flowMatching: { kind: 'flowMatching' },
  cosine: { kind: 'cosine', s: 0.008 },
  ddpm: { kind: 'ddpm', schedule: 'linear', start: 1e-4, end: 0.02, steps: 1000 },
} as const

export type ProcessKind = keyof typeof specifications | 'interpolant'

/** What each is called, and X_t at time t. */
export const processes: Readonly<Record<ProcessKind, { readonly name: string; readonly law: string }>> = {
  ve: { name: 'VE (EDM)', law: 'X = X₀ + tZ, t from 0 to ∞' },
  vp: { name: 'VP', law: 'X = αX₀ + √(1 − α²) Z, α = exp(−½∫β), β from 0.1 to 20, t from 0 to 1' },
  subVp: { name: 'sub-VP', law: 'X = αX₀ + (1 − α²) Z, α = exp(−½∫β), β from 0.1 to 20, t from 0 to 1' },
  flowMatching: { name: 'flow matching', law: 'X = (1 − t) X₀ + tZ, t from 0 to 1' },
  cosine: {
    name: 'cosine',
    law: 'X = αX₀ + √(1 − α²) Z, α = cos(π/2 (t + s)/(1 + s))/cos(π/2 s/(1 + s)), s = 0.008, t from 0 to 1',
  },
  ddpm: {
    name: 'DDPM',
    law: 'X = αX₀ + √(1 − α²) Z, α² = ∏(1 − βᵢ) over i ≤ t, β from 1e-4 to 0.02 in 1000 steps, t from 0 to 1000',
  },
  interpolant: { name: 'interpolant', law: 'X = α(t) X₀ + σ(t) Z, t from 0 to 1' },
}
export const processKinds = Object.keys(processes) as ProcessKind[]

/** The process that is chosen; an interpolant has two formulas in t. */
export type ProcessChoice =
  | { readonly kind: Exclude<ProcessKind, 'interpolant'> }
  | { readonly kind: 'interpolant'; readonly alpha: string; readonly sigma: string }

/** Trigonometric, which nobody else of the list has. */
export const defaultFormulas = { alpha: 'cos(pi/2 * t)', sigma: 'sin(pi/2 * t)' } as const

const LONGEST = 200

/** The `process` of a problem file. */
export function specificationOf(choice: ProcessChoice) {
  return choice.kind === 'interpolant' ? { ...choice, maximumTime: 1 } : specifications[choice.kind]
}

/** @throws InputError for formulas that are no process */
export function processOf(choice: ProcessChoice): Process {
  if (choice.kind === 'interpolant') {
    for (const key of ['alpha', 'sigma'] as const)
      if (choice[key].length > LONGEST)
        throw new InputError(key, choice[key], `at most ${LONGEST} characters`)
    return interpolant({ ...choice, maximumTime: 1 })
  }
  const specification = specifications[choice.kind]
  return specification.kind === 'ddpm' ? ddpm(specification) : (closedFormProcess(specification) as Process)
}

/** From where to where T goes, and in what steps: none for VE, whose scale is logarithmic and where T may be ∞ as well. */
export interface TimeLimits {
  readonly range: readonly [number, number]
  readonly step: number | null
  readonly start: number
}

export function timeLimits(kind: ProcessKind): TimeLimits {
  if (kind === 've') return { range: [1, 80], step: null, start: 10 }
  return kind === 'ddpm'
    ? { range: [50, 1000], step: 50, start: 1000 }
    : { range: [0.05, 1], step: 0.05, start: 1 }
}
