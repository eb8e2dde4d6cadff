import type { MathNode } from 'mathjs/number'
import { InputError } from '../../errors.ts'
import { compileVector, type VectorFormula } from '../../expression/closure.ts'
import { formulaParts, usedSymbols } from '../../expression/expression.ts'

/** The drift of a custom process: one formula for every coordinate, or one a coordinate. */
export interface DriftFormulas {
  /** How many formulas where each coordinate has its own; null where one holds for all. */
  readonly dimension: number | null
  /** Their syntax trees, and the variables in place. */
  readonly nodes: readonly MathNode[]
  readonly symbols: readonly string[]
  /** out = b(t, x), row-major. */
  drift(t: number, x: Float64Array, out: Float64Array): void
  /** out = ∇·b(t, x), one value a row, by central differences: to about 1e-10 of b. */
  divergence(t: number, x: Float64Array, out: Float64Array): void
}

export const DRIFT = 'problem.process.drift'
// ∛(rounding): where the errors of rounding and of a central difference cross
const STEP = 6e-6

/**
 * Reads a drift: a formula in t and x, or a list (also as "[a, b]") in t, x1, x2, ….
 *
 * @throws InputError when a formula cannot be read or uses what is not allowed
 */
export function driftFormulas(drift: string | readonly string[]): DriftFormulas {
  const parts =
    typeof drift === 'string'
      ? formulaParts(drift, DRIFT)
      : drift.flatMap((text, i) => formulaParts(text, `${DRIFT}[${i}]`))
  const count = parts.length
  if (count === 0) throw new InputError(DRIFT, drift, 'at least one formula')
  const plain = count === 1 && !usedSymbols(parts).has('x1')
  if (plain) {
    const formula = compileVector(parts[0], ['t', 'x'], DRIFT)
    return { dimension: null, nodes: parts, symbols: ['x'], ...onRows([formula]) }
  }
  const symbols = parts.map((_, i) => `x${i + 1}`)
  const formulas = parts.map((part, i) =>
    compileVector(part, ['t', ...symbols], count === 1 ? DRIFT : `${DRIFT}[${i}]`),
  )
  return { dimension: count, nodes: parts, symbols, ...onRows(formulas) }
}

function onRows(formulas: readonly VectorFormula[]): Pick<DriftFormulas, 'drift' | 'divergence'> {
  const d = formulas.length
  const values = new Float64Array(d + 1)
  return {
    drift(t, x, out) {
      values[0] = t
      for (let start = 0; start < x.length; start += d) {
        for (let i = 0; i < d; i++) values[i + 1] = x[start + i]
        for (let i = 0; i < d; i++) out[start + i] = formulas[i](values)
      }
    },
    divergence(t, x, out) {
      values[0] = t
      for (let start = 0, row = 0; start < x.length; start += d, row++) {
        for (let i = 0; i < d; i++) values[i + 1] = x[start + i]
        let sum = 0
        for (let i = 0; i < d; i++) {
          const place = x[start + i]
          const step = STEP * (1 + Math.abs(place))
          values[i + 1] = place + step
          const above = formulas[i](values)
          values[i + 1] = place - step
          sum += (above - formulas[i](values)) / (2 * step)
          values[i + 1] = place
        }
        out[row] = sum
      }
    },
  }
}
