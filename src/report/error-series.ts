import { InputError } from '../errors.ts'
import { ramp } from '../figures/colour-ramp.ts'
import { errorDecades } from '../figures/error-maps.ts'
import { type PackedErrors, packErrors } from './packed-errors.ts'

/** The errors of every method on a square grid of places, at several times: what the time slider of a page shows. */
export interface ErrorSeries {
  /** Name of the figure in whose place it stands where scripts run */
  readonly figure: string
  /** Cells on a side */
  readonly nodes: number
  /** The grid covers |y_i| ≤ halfWidth of the coordinates y = (x − centre)/scale of each time */
  readonly halfWidth: number
  readonly axes: readonly [string, string]
  /** Rising; the last is the one shown first */
  readonly times: readonly ErrorTime[]
  readonly methods: readonly {
    readonly method: string
    /** |f̂ − f|/√(tr Cov), nodes² values a time, lowest row first */
    readonly errors: readonly ArrayLike<number>[]
  }[]
}

export interface ErrorTime {
  readonly time: number
  readonly centre: readonly [number, number]
  readonly scale: number
}

/** The same as it stands in a page. */
export interface EmbeddedErrors extends Omit<ErrorSeries, 'methods'> {
  /** Exponents of ten at the ends of the colours */
  readonly decades: readonly [number, number]
  /** Colours #rrggbb from the smallest error to the largest, without a space */
  readonly ramp: string
  readonly methods: readonly { readonly method: string; readonly errors: readonly PackedErrors[] }[]
}

/** @throws InputError when a map has another size than the grid, or another number of times */
export function embedErrors(series: ErrorSeries): EmbeddedErrors {
  const { nodes, times, methods } = series
  for (const { method, errors } of methods) {
    if (errors.length !== times.length)
      throw new InputError(`maps of ${method}`, errors.length, `${times.length}, one a time`)
    for (const map of errors)
      if (map.length !== nodes * nodes)
        throw new InputError(`number of errors of ${method}`, map.length, `${nodes * nodes}, one a cell`)
  }
  return {
    ...series,
    decades: errorDecades(methods.flatMap(({ errors }) => errors.map((map) => ({ errors: map })))),
    ramp: ramp.join(''),
    methods: methods.map(({ method, errors }) => ({ method, errors: errors.map(packErrors) })),
  }
}
