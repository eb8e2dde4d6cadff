/** Three digits. */
export function number(value: number): string {
  const size = Math.abs(value)
  return size === 0 || (size >= 1e-3 && size < 1e5)
    ? String(Number(value.toPrecision(3)))
    : value.toExponential(1)
}

export function percent(share: number): string {
  return `${share > 0 && share < 0.1 ? Number((100 * share).toPrecision(2)) : Math.round(100 * share)} %`
}
