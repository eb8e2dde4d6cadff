/** The slope of log(error) against log(step) over the last pairs: the observed order of the finest grids. */
export function observedOrder(steps: readonly number[], errors: readonly number[]): number {
  const last = steps.length - 1
  return Math.log(errors[last - 1] / errors[last]) / Math.log(steps[last] / steps[last - 1])
}
