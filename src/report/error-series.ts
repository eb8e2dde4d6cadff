import { InputError } from '../errors.ts'
import { ramp } from '../figures/colour-ramp.ts'
import { errorDecades } from '../figures/error-maps.ts'
import { type PackedErrors, packErrors } from './packed-errors.ts'

/**
 * The errors of every method over space and time. In the plane a square map for each of several times, which a page shows with a
 * slider; on the line one map, places to the right and times upwards.
 */
export interface ErrorSeries {
  /** Name of the figure in whose place it stands where scripts run */
  readonly figure: string
  readonly dimension: 1 | 2
  /** Places an axis */
  readonly nodes: number
  /** They cover |y_i| ≤ halfWidth of the coordinates y = (x − centre)/scale of each time */
  readonly halfWidth: number
  /** To the right and upwards */
  readonly axes: readonly [string, string]
  /** Rising; with a slider the last is shown first */
  readonly times: readonly ErrorTime[]
  readonly methods: readonly {
    readonly method: string
    /** |f̂ − f|/√(tr Cov), nodes^d values a time, lowest row first */
    readonly errors: readonly ArrayLike<number>[]
  }[]
}

export interface ErrorTime {
  readonly time: number
  /** [d] */
  readonly centre: readonly number[]
  readonly scale: number
}

/** The same as it stands in a page. */
export interface EmbeddedErrors extends Omit<ErrorSeries, 'methods'> {
  /** Exponents of ten at the ends of the colours */
  readonly decades: readonly [number, number]
  /** Colours #rrggbb from the smallest error to the largest, without a space */
  readonly ramp: string
  /** One picture a time in the plane, all times in one picture on the line */
  readonly methods: readonly { readonly method: string; readonly errors: readonly PackedErrors[] }[]
}

/** @throws InputError when a map has another size than the grid, or another number of times */
export function embedErrors(series: ErrorSeries): EmbeddedErrors {
  const { dimension, nodes, times, methods } = series
  const places = nodes ** dimension
  for (const { method, errors } of methods) {
    if (errors.length !== times.length)
      throw new InputError(`maps of ${method}`, errors.length, `${times.length}, one a time`)
    for (const map of errors)
      if (map.length !== places)
        throw new InputError(`number of errors of ${method}`, map.length, `${places}, one a cell`)
  }
  return {
    ...series,
    decades: errorDecades(methods.flatMap(({ errors }) => errors.map((map) => ({ errors: map })))),
    ramp: ramp.join(''),
    methods: methods.map(({ method, errors }) => ({
      method,
      errors: (dimension === 1 ? [stacked(errors)] : errors).map(packErrors),
    })),
  }
}

/** The maps of all times in one, the first lowest. */
export function stacked(maps: readonly ArrayLike<number>[]): number[] {
  return maps.flatMap((map) => Array.from(map))
}
