import type { MathNode } from 'mathjs'
import { InputError } from '../../errors.ts'
import { compileNode, formulaParts, usedSymbols } from '../../expression/expression.ts'
import type { Moments } from '../../numeric/moments.ts'
import { createMoments, diagonalise } from '../../numeric/moments.ts'
import type { ExpressionSpec } from '../../specification/data.ts'
import type { Density, Times } from '../density.ts'
import { type Process, processTime, veTime } from '../process.ts'

/** A density known by its score, a formula. */
export interface ScoreFormula extends Density {
  /** The score of the problem's own process at its own time, as it is given. */
  ownScore(t: number, x: Float64Array, out: Float64Array): void
}

/**
 * A density known by its score alone, a formula in t and x (1-D) or x1, x2, … (one formula a coordinate, as a list or
 * as "[a, b]"). It has no log-density and cannot be sampled at t = 0. The formula is the score of the problem's own
 * process at its own time: s_VE(σ/α, y) = α s(t, α y + m) (docs/mathematics.md §1).
 *
 * @throws InputError when a formula cannot be read or uses what is not allowed
 */
export function expression(spec: ExpressionSpec, process: Process): ScoreFormula {
  const name = 'problem.data.score'
  const parts: MathNode[] =
    typeof spec.score === 'string'
      ? formulaParts(spec.score, name)
      : spec.score.flatMap((text, i) => formulaParts(text, `${name}[${i}]`))
  const dimension = parts.length
  if (dimension === 0) throw new InputError(name, spec.score, 'at least one formula')
  const named = usedSymbols(parts)
  const plain = dimension === 1 && !named.has('x1')
  const symbols = plain ? ['x'] : parts.map((_, i) => `x${i + 1}`)
  const formulas = parts.map((part, i) =>
    compileNode(part, ['t', ...symbols], dimension === 1 ? name : `${name}[${i}]`),
  )
  const scope: Record<string, number> = {}

  function ownScore(t: number, x: Float64Array, out: Float64Array): void {
    scope.t = t
    for (let start = 0; start < x.length; start += dimension) {
      for (let i = 0; i < dimension; i++) scope[symbols[i]] = x[start + i]
      for (let i = 0; i < dimension; i++) out[start + i] = formulas[i](scope)
    }
  }

  const reduced = process.kind !== 've' && process.kind !== 'edm'
  const last = process.nonlinear ? 0 : veTime(process, process.maximumTime)

  function score(t: Times, x: Float64Array, out: Float64Array): void {
    let [ve, alpha, mean] = [Number.NaN, 1, 0]
    for (let start = 0, row = 0; start < x.length; start += dimension, row++) {
      const time = typeof t === 'number' ? t : t[row]
      if (time !== ve) {
        ve = time
        scope.t = reduced ? processTime(process, Math.min(time, last)) : time
        if (reduced) [alpha, mean] = [process.alpha(scope.t), process.mean?.(scope.t) ?? 0]
      }
      for (let i = 0; i < dimension; i++) scope[symbols[i]] = alpha * x[start + i] + mean
      for (let i = 0; i < dimension; i++) out[start + i] = alpha * formulas[i](scope)
    }
  }

  function denoiser(t: Times, x: Float64Array, out: Float64Array): void {
    score(t, x, out)
    for (let start = 0, row = 0; start < x.length; start += dimension, row++) {
      const time = typeof t === 'number' ? t : t[row]
      for (let i = 0; i < dimension; i++) out[start + i] = x[start + i] + time * time * out[start + i]
    }
  }

  const moments = process.nonlinear ? unitMoments(dimension) : farMoments(denoiser, dimension, last)
  return {
    kind: 'expression',
    dimension,
    moments,
    atomic: false,
    knownAtEnd: false,
    score,
    denoiser,
    ownScore,
  }
}

/**
 * Mean and covariance read off the score far from the data: D(t, x) → μ + Σ (x − μ)/t² as t → ∞
 * (from docs/mathematics.md §1, D = x + t² s). Good to about (c/t)²: it only sets coordinates and baselines.
 */
function farMoments(denoiser: Density['denoiser'], d: number, last: number): Moments {
  let mean = new Float64Array(d)
  let covariance = identity(d)
  let t = Math.min(1e3, last)
  for (let pass = 0; pass < 3; pass++) {
    const centre = new Float64Array(d)
    denoiser(t, mean, centre)
    const next = identity(d)
    const above = new Float64Array(d)
    const below = new Float64Array(d)
    for (let j = 0; j < d; j++) {
      const step = (sign: number) => centre.map((value, i) => value + (i === j ? sign * t : 0))
      denoiser(t, step(1), above)
      denoiser(t, step(-1), below)
      for (let i = 0; i < d; i++) next[i][j] = ((above[i] - below[i]) * t) / 2
    }
    const symmetric = next.map((row, i) => row.map((value, j) => (value + next[j][i]) / 2))
    const trace = symmetric.reduce((sum, row, i) => sum + row[i], 0)
    if (!symmetric.flat().every(Number.isFinite) || !centre.every(Number.isFinite) || trace <= 0) break
    mean = centre
    covariance = symmetric
    t = Math.min(100 * Math.sqrt(trace / d), last)
  }
  try {
    return createMoments(mean, diagonalise(covariance, d, 'the covariance of the score'))
  } catch {
    // no covariance can be read off: unit coordinates are as good as any
    return unitMoments(d, mean)
  }
}

function unitMoments(d: number, mean = new Float64Array(d)): Moments {
  return createMoments(mean, diagonalise(identity(d), d, 'the identity'))
}

function identity(d: number): number[][] {
  return Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => (i === j ? 1 : 0)))
}
