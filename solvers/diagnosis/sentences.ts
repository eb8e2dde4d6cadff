import type { CauseFit, CauseName } from './cause.ts'

/** What to do next about each cause, and where none fits: the pages and `--help` list it (docs/guide/diagnose.md). */
export const nextSteps: Readonly<Record<CauseName | 'none', string>> = {
  identity:
    'add a term with the velocity of the data to the loss: rules of composition alone hold for a map that moves nothing too',
  collapse: 'build f(0, x) = x into the network, as in x + t F(t, x), or add it to the loss',
  steps:
    'take more steps (times N of the loss), or Heun in place of Euler; one step is a denoiser, which is to be sampled in many steps or trained as a consistency function',
  viscosity: 'train with more times N, or distil from a score (cd, pinn)',
  median: 'train with the squared norm (metric l2)',
  'time-scale': 'give the network its time in the unit that it was trained with',
  'shifted-twice': 'shift the times in one place only, in the schedule or in the network',
  float16: 'evaluate the network in float32, the embedding of time above all',
  none: 'look at the page of score --report for where and when the error arises, then train longer or a larger network',
}

/** What to say of a cause. */
const causeInWords: { readonly [K in CauseName]: (fit: CauseFit) => string } = {
  identity: () =>
    'f(t, x) = x: the trivial semigroup, which satisfies every composition rule and moves nothing',
  collapse: () => 'one constant for every noise',
  steps: ({ variant, parameter }) =>
    parameter === 1
      ? `a single step of the ODE (${variant}), which is the denoiser E[X₀ | x], or close to it`
      : `${parameter} steps of the ODE in place of its flow (${variant})`,
  viscosity: ({ parameter }) =>
    `the viscosity of consistency training on about N = ${parameter} times, which pairs points by their noise and not by a trajectory`,
  median: () =>
    'the map of a loss that is not the squared norm, such as |·| or pseudo-Huber: it follows the posterior median in place of the mean',
  'time-scale': ({ parameter }) => `the true map at ${factor(parameter)} t in place of t`,
  'shifted-twice': ({ parameter }) =>
    `the true map on a schedule that is shifted once more, by ${factor(parameter)}`,
  float16: ({ variant }) =>
    `noise of 16 bits (${variant}): the error differs from one time to the next as if by chance`,
}

export interface Said {
  /** The cause that fits. */
  readonly named: CauseFit | null
  /** Another that fits as well. */
  readonly alike: CauseFit | null
  /** The nearest, where none fits. */
  readonly nearest: CauseFit | null
  /** At T. */
  readonly error: number
  /** Whether there is no error at all. */
  readonly none: boolean
}

export function sentenceOf({ named, alike, nearest, error, none }: Said): string {
  if (none) return 'There is no error to explain.'
  if (named === null) {
    const close = nearest && nearest.square > 0 ? ` The nearest is ${short(nearest)}.` : ''
    return `None of the known causes fits: the error of ${show(error)} is that of the fit, or of something else.${close} ${next('none')}`
  }
  const sentences = [
    `The error is that of ${causeInWords[named.cause](named)}.`,
    `It explains ${percent(named.square)} of the squared error and ${percent(named.mean)} of the mean error. At T, on the trajectories compared, it has an error of ${show(named.error)} by itself, and the map one of ${show(error)}.`,
  ]
  if (alike)
    sentences.push(`The values are as well those of ${causeInWords[alike.cause](alike)}: ${short(alike)}.`)
  sentences.push(next(named.cause))
  if (alike) sentences.push(`If it is ${alike.cause}: ${nextSteps[alike.cause]}.`)
  return sentences.join(' ')
}

function next(cause: CauseName | 'none'): string {
  return `What to do next: ${nextSteps[cause]}.`
}

/** A fit in a few words. */
function short({ cause, variant, parameter, square, mean }: CauseFit): string {
  const what = [parameter === null ? '' : factor(parameter), variant].filter((part) => part !== '').join(', ')
  return `${cause}${what === '' ? '' : ` (${what})`}, with ${percent(Math.max(0, square))} of the squared error and ${percent(Math.max(0, mean))} of the mean error`
}

function factor(value: number | null): string {
  return String(Number((value ?? 1).toPrecision(3)))
}

function show(value: number): string {
  return value >= 1e-3 ? String(Number(value.toPrecision(3))) : value.toExponential(1)
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}

export const fitsHead = [
  'cause',
  'what',
  'of the squared error',
  'of the mean error',
  'its own error',
  'what is left',
] as const

/** The fits as rows of a table. */
export function fitRows(fits: readonly CauseFit[]): string[][] {
  return fits.map(({ cause, variant, parameter, square, mean, error, rest }) => [
    cause,
    [parameter === null ? '' : factor(parameter), variant].filter((part) => part !== '').join(', ') || '–',
    ...[square, mean].map((share) => percent(Math.max(0, share))),
    ...[error, rest].map(show),
  ])
}
