/** Stands where there is no number. */
export const nothing = '–'

/** Three significant digits: plain from 0.001 to 99999, else 1.23e-5. */
export function formatNumber(value: number | null, digits = 3): string {
  if (value === null || Number.isNaN(value)) return nothing
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 1e-3 && size < 99_999.5) return trimExponent(value.toPrecision(digits))
  return value.toExponential(digits - 1).replace('e+', 'e')
}

// toPrecision turns 12345 into 1.23e+4
function trimExponent(text: string): string {
  return text.includes('e') ? String(Number(text)) : text
}

/** A share of 1 with two digits: "0.61 %", "17 %". */
export function formatPercent(share: number | null): string {
  const text = formatNumber(share === null ? null : 100 * share, 2)
  return text === nothing ? text : `${text} %`
}

/** A value and its standard error, the error with two digits. */
export function formatWithError(value: number | null, error: number | null): string {
  const text = formatNumber(value)
  return text === nothing || error === null || Number.isNaN(error)
    ? text
    : `${text} ± ${formatNumber(error, 2)}`
}

/** A count with spaces between groups of three digits. */
export function formatCount(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return formatNumber(value)
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, '\u202f')
}

/** One line without control characters: safe to print on a terminal. */
export function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Surrogate}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim()
}
