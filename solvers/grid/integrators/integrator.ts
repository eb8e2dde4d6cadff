/** An explicit Runge–Kutta method as its Butcher tableau. */
export interface Integrator {
  readonly name: string
  readonly order: number
  /** Row s: the weights of stages 0 … s − 1 in stage s. */
  readonly a: readonly (readonly number[])[]
  readonly b: readonly number[]
  readonly c: readonly number[]
}
