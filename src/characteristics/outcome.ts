import type { RowCode, RowReport } from '../attempt.ts'
import type { Tolerances } from './adaptive-steps.ts'

/** How an integration can end, with what to do about it. `{…}` stands for the figures of the run. */
const outcomes: Readonly<Record<RowCode, string>> = {
  success: '',
  'step-limit':
    'the solver reached its limit of {maxSteps} steps at {at}, short of {to}: try a larger maxSteps, a larger rtol (now {rtol}), or a tableau of higher order',
  'step-floor':
    'the step size fell to rounding at {at}, short of {to}: try a larger rtol (now {rtol}) or atol (now {atol})',
  'non-finite':
    'the score is not finite near {at}: check that the density has a score there, or start from a smaller time',
}

export interface Outcome {
  readonly code: RowCode
  /** Where the integration ended. */
  readonly at: number
  readonly accepted: number
  readonly rejected: number
  /** Evaluations of the velocity of the whole block. */
  readonly evaluations: number
}

/** The advice of an outcome as one sentence. `name` is the independent variable, θ or t. */
export function advice(outcome: Outcome, name: string, to: number, tolerances: Tolerances): string {
  const figures: Record<string, string> = {
    at: `${name} = ${outcome.at}`,
    to: `${name} = ${to}`,
    rtol: String(tolerances.rtol),
    atol: String(tolerances.atol),
    maxSteps: String(tolerances.maxSteps),
  }
  return `${outcomes[outcome.code].replace(/\{(\w+)\}/g, (_, key: string) => figures[key] ?? '')}.`
}

/** A row that did not arrive, with what to do about it. */
export interface Failure {
  readonly code: Exclude<RowCode, 'success'>
  /** One sentence. */
  readonly message: string
}

/** The rows of a block that did not arrive. */
export type Failures = ReadonlyMap<number, Failure>

export const NO_FAILURES: Failures = new Map()

/** The report of n rows of which these did not arrive. */
export function rowReport(n: number, failures: Failures): RowReport {
  const first = failures.size > 0 ? Math.min(...failures.keys()) : -1
  return {
    codes: Array.from({ length: n }, (_, row): RowCode => failures.get(row)?.code ?? 'success'),
    finished: n - failures.size,
    message: failures.get(first)?.message ?? null,
  }
}
