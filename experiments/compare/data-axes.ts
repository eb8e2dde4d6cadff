import type { Comparison } from './index.ts'

/** Names of the data's coordinates: the standardised columns of a table, else x₁, x₂, … */
export function dataAxes({ data, problem }: Pick<Comparison, 'data' | 'problem'>): string[] {
  // standardised data have no unit
  if (data) return data.columns.map((column) => `${column.replace(/\s*\([^)]*\)$/, '')}, standardised`)
  if (problem.dimension === 1) return ['x']
  return Array.from({ length: problem.dimension }, (_, i) => `x${subscript(i + 1)}`)
}

function subscript(n: number): string {
  return [...String(n)].map((digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]).join('')
}
