/** The sizes of a network. */
export interface NetworkSize {
  /** d, of y and of the output. */
  readonly dimension: number
  /** Columns of the output of an mlp where these are not d. */
  readonly outputs?: number
  readonly width: number
  /** Hidden layers. */
  readonly layers: number
  /** Units a coordinate of the additive part, a multiple of 4; absent where there is none. */
  readonly units?: number
  /** Number of time inputs: 2 for the network of a two-time map f(t → u, x); absent for the one time of f(t, x). */
  readonly times?: 2
}

/** One weight matrix or vector. */
export interface Parameter {
  readonly name: string
  readonly shape: readonly number[]
  /** Standard deviation of its first values; 0 for zeros. */
  readonly deviation: number
  /** The mean of the first value number `index`, 0 where absent. */
  centre?(index: number): number
  /** Puts values that training has taken too far back, in place; returns whether any were. Averages of such values need it no more. */
  constrain?(values: Float32Array): boolean
}
