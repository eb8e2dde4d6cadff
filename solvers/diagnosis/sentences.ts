import type { CauseFit, CauseName } from './cause.ts'

/** What to say of a cause, and what to do about it. */
const advice: {
  readonly [K in CauseName]: (fit: CauseFit) => { readonly what: string; readonly remedy: string }
} = {
  identity: () => ({
    what: 'f(t, x) = x: the trivial semigroup, which satisfies every composition rule and moves nothing',
    remedy: 'give the loss the velocity of the data, or the boundary condition at t = 0',
  }),
  collapse: () => ({
    what: 'one constant for every noise',
    remedy: 'give the network the boundary condition f(0, x) = x in its form, or in its loss',
  }),
  steps: ({ variant, parameter }) =>
    parameter === 1
      ? {
          what: `a single step of the ODE (${variant}), which is the denoiser E[X₀ | x], or close to it`,
          remedy:
            'it predicts the mean of the data: train it as a consistency function, or sample in more steps',
        }
      : {
          what: `${parameter} steps of the ODE in place of its flow (${variant})`,
          remedy: 'take more times N, or a backward step of higher order',
        },
  viscosity: ({ parameter }) => ({
    what: `the viscosity of consistency training on about N = ${parameter} times, which pairs points by their noise and not by a trajectory`,
    remedy: 'take more times N, or distil from a score',
  }),
  median: () => ({
    what: 'the map of a loss that is not the squared norm, such as |·| or pseudo-Huber: it follows the posterior median in place of the mean',
    remedy: 'take the squared norm',
  }),
  'time-scale': ({ parameter }) => ({
    what: `the true map at ${factor(parameter)} t in place of t`,
    remedy: 'look at the unit in which the network gets its time',
  }),
  'shifted-twice': ({ parameter }) => ({
    what: `the true map on a schedule that is shifted once more, by ${factor(parameter)}`,
    remedy: 'shift the times in one place only: in the schedule or in the network',
  }),
  float16: ({ variant }) => ({
    what: `noise of 16 bits (${variant}): the error differs from one time to the next as if by chance`,
    remedy: 'evaluate in float32, the embedding of time above all',
  }),
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
    return `None of the known causes fits: the error of ${show(error)} is that of the fit, or of something else.${close}`
  }
  const { what, remedy } = advice[named.cause](named)
  return `The error is that of ${what}: it explains ${percent(named.square)} of the squared error and ${percent(named.mean)} of the mean error, and has by itself an error of ${show(named.error)} where the map has ${show(error)}. To mend it, ${remedy}.${
    alike
      ? ` The values are as well those of ${advice[alike.cause](alike).what}: ${short(alike)}; then ${advice[alike.cause](alike).remedy}.`
      : ''
  }`
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
