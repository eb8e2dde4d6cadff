/** Two digits, for a place where there is no room for more. */
export function short(value: number): string {
  return value >= 1e-3 && value < 1e4 ? String(Number(value.toPrecision(2))) : value.toExponential(1)
}
