/** A few round positions between low and high (about `count`), with labels. */
export function linearTicks(low: number, high: number, count = 5): (readonly [number, string])[] {
  if (!(high > low)) return [[low, String(Number(low.toPrecision(3)))]]
  const raw = (high - low) / count
  const unit = 10 ** Math.floor(Math.log10(raw))
  const share = raw / unit
  const step = unit * (share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10)
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  const largest = Math.max(Math.abs(first), Math.abs(last)) * step
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const multiple = first + i
    return [multiple * step, multiple === 0 ? '0' : label(multiple * step, step, largest)] as const
  })
}

const MOST_DIGITS = 3

function label(value: number, step: number, largest: number): string {
  const exponent = Math.floor(Math.log10(step) + 1e-9)
  const digits = Math.max(0, -exponent)
  if (digits <= MOST_DIGITS && largest < 1e6) {
    return minus(value.toFixed(digits).replace(/\B(?=(\d{3})+$)/g, digits === 0 ? ',' : ''))
  }
  const scale = Math.floor(Math.log10(Math.abs(value)) + 1e-9)
  return minus(value.toExponential(Math.max(0, scale - exponent)).replace(/\.?0+e/, 'e'))
}

function minus(text: string): string {
  return text.replace(/-/g, '−').replace('e+', 'e')
}
