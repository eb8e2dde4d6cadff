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
