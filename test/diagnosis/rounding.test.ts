import { expect, it } from 'vitest'
import { roundingShare } from '../../solvers/diagnosis/rounding.ts'
import { Random } from '../../src/random/random.ts'

const N = 4000
const DIGITS = { float16: 11, bfloat16: 8 } as const

/** To so many binary digits. */
function rounded(value: number, digits: number): number {
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(value))) - digits + 1)
  return Math.round(value / unit) * unit
}

it.each(['float16', 'bfloat16'] as const)(
  'the share of the error that %s leaves is that of its last digits',
  (format) => {
    const random = new Random(3)
    const draw = (deviation: number) =>
      Float64Array.from({ length: 2 * N }, () => deviation * random.normal())
    const x0 = draw(40)
    // rows of two columns: those of the second half count three times
    const weights = Float64Array.from({ length: N }, (_, row) => (row < N / 2 ? 1 : 3))
    const square = (a: Float64Array, b: Float64Array) => {
      let sum = 0
      for (let i = 0; i < a.length; i++) sum += weights[Math.floor(i / 2)] * (a[i] - b[i]) ** 2
      return sum / (2 * N)
    }
    const exact = x0.map((value) => rounded(value, DIGITS[format]))
    const alone = roundingShare({ places: [0], values: [exact], x0, weights }, format)
    expect(alone.share).toBeGreaterThan(0.95)
    expect(alone.square / square(exact, x0)).toBeGreaterThan(0.95)
    expect(alone.square / square(exact, x0)).toBeLessThan(1.05)
    // an error as large beside it, at two times: half is rounding
    const other = draw(Math.sqrt(square(exact, x0) / 2))
    const both = exact.map((value, i) => value + other[i])
    const beside = roundingShare({ places: [0, 1], values: [both, both], x0, weights }, format)
    expect(beside.share).toBeGreaterThan(0.45)
    expect(beside.share).toBeLessThan(0.55)
  },
)
