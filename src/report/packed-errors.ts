const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const CODE = new Map([...DIGITS].map((digit, i) => [digit, i]))
// two digits of base 64 a value: the first code is zero, the last what is not finite, between them logarithms at equal steps
const STEPS = 64 * 64 - 3
const NOT_FINITE = 64 * 64 - 1

/** Errors as text, two characters each: right to half of 1/4093 of the decades they span. */
export interface PackedErrors {
  /** log₁₀ of the smallest positive and the largest finite error */
  readonly range: readonly [number, number]
  readonly text: string
}

/** @param errors 0 or above, or not finite */
export function packErrors(errors: ArrayLike<number>): PackedErrors {
  let [low, high] = [Infinity, -Infinity]
  for (let i = 0; i < errors.length; i++) {
    if (!(errors[i] > 0 && errors[i] < Infinity)) continue
    low = Math.min(low, errors[i])
    high = Math.max(high, errors[i])
  }
  // a shorter number for the page; the ends are inside
  const range: [number, number] =
    low > high
      ? [0, 0]
      : [Math.floor(1000 * Math.log10(low)) / 1000, Math.ceil(1000 * Math.log10(high)) / 1000]
  let text = ''
  for (let i = 0; i < errors.length; i++) {
    const code = encode(errors[i], range)
    text += DIGITS[code >> 6] + DIGITS[code & 63]
  }
  return { range, text }
}

export function unpackErrors({ range, text }: PackedErrors): Float64Array {
  return Float64Array.from({ length: text.length / 2 }, (_, i) => {
    const code = 64 * (CODE.get(text[2 * i]) ?? 0) + (CODE.get(text[2 * i + 1]) ?? 0)
    if (code === 0) return 0
    if (code === NOT_FINITE) return Number.NaN
    return 10 ** (range[0] + ((code - 1) / STEPS) * (range[1] - range[0]))
  })
}

function encode(error: number, [low, high]: PackedErrors['range']): number {
  if (error === 0) return 0
  if (!Number.isFinite(error)) return NOT_FINITE
  return high > low ? 1 + Math.round(((Math.log10(error) - low) / (high - low)) * STEPS) : 1
}

/** The centre of cell i of equal ones that cover −halfWidth to halfWidth. */
export function cellCentre(i: number, cells: number, halfWidth: number): number {
  return halfWidth * ((2 * i + 1) / cells - 1)
}
