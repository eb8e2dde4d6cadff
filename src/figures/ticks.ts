/** Domain, ticks and labels of a logarithmic axis. */
interface LogAxis {
  readonly domain: readonly [number, number]
  readonly ticks: readonly number[]
  readonly label: (tick: number) => string
}

const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  '-': '⁻',
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
}

/** 10 to an integer power, as text: 10⁻⁵. */
export function powerOfTen(exponent: number): string {
  return `10${[...String(exponent)].map((character) => SUPERSCRIPTS[character] ?? '').join('')}`
}

/**
 * An axis that holds all positive finite values with some air. Decades are ticks when there are enough of them
 * (every second or third one when there are many), else 1, 2 and 5 times a power of ten.
 */
export function logAxis(values: Iterable<number>, mostTicks = 8): LogAxis {
  let low = Infinity
  let high = 0
  for (const value of values) {
    if (!(value > 0 && value < Infinity)) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  if (high === 0) [low, high] = [0.1, 1]
  const air = Math.max(0.06 * Math.log10(high / low), 0.08)
  const from = Math.log10(low) - air
  const to = Math.log10(high) + air
  const step = Math.ceil((to - from) / mostTicks)
  const decades = range(Math.ceil(from / step), Math.floor(to / step)).map((n) => n * step)
  const domain = [10 ** from, 10 ** to] as const
  if (decades.length >= 3) {
    return { domain, ticks: decades.map(power), label: (tick) => powerOfTen(Math.round(Math.log10(tick))) }
  }
  const fine = range(Math.floor(from), Math.ceil(to)).flatMap((e) =>
    [1, 2, 5].map((digit) => Number(`${digit}e${e}`)),
  )
  return { domain, ticks: fine.filter((tick) => tick >= domain[0] && tick <= domain[1]), label: plainOrPower }
}

function plainOrPower(tick: number): string {
  const exponent = Math.floor(Math.log10(tick) + 1e-9)
  if (exponent >= -3 && exponent <= 3) return String(tick)
  const digit = Math.round(tick / 10 ** exponent)
  return digit === 1 ? powerOfTen(exponent) : `${digit}·${powerOfTen(exponent)}`
}

function power(exponent: number): number {
  return Number(`1e${exponent}`)
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i)
}

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
