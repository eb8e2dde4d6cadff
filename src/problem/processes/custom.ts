import type { MathNode } from 'mathjs/number'
import { InputError } from '../../errors.ts'
import { compileNode, formulaParts, usedSymbols } from '../../expression/expression.ts'
import { linearForm } from '../../expression/linear-form.ts'
import { inspect, type TimeFormula, timeFormula } from '../../expression/range/breaks.ts'
import { unaryRanges } from '../../expression/range/functions.ts'
import type { CustomSpec } from '../../specification/process.ts'
import { type Process, refuseReduction } from '../process.ts'
import { DRIFT, type DriftFormulas, driftFormulas } from './drift-formulas.ts'
import { driftPlaces } from './drift-places.ts'
import { type LinearMoments, linearMoments } from './linear-moments.ts'
import { noiseBetween, stepBreaks } from './step-breaks.ts'

const SIGMA = 'problem.process.sigma'
// where σ is looked at before anything is computed, as parts of the largest time
const TIMES = [0, 0.013, 0.11, 0.29, 0.53, 0.78, 1]
const FARTHEST = 1e8

/** The coefficients of a linear process as formulas in t: b = β x + γ in every coordinate. */
interface Line {
  readonly beta: TimeFormula
  readonly gamma: TimeFormula
}

/**
 * dX = b(t, X) dt + σ(t) dB with formulas for the drift and σ (docs/mathematics.md §1, equation (1)). The drift is one
 * formula in t and x that every coordinate obeys, or one a coordinate in t, x1, x2, ….
 *
 * Where its syntax tree says that b = β(t) x + γ(t), the same for every coordinate, X_t = α X₀ + m + (noise of deviation σ_t), with α = exp ∫β and m, σ_t
 * by quadrature to rounding, and the process reduces to the VE process like any other. For another drift, or with `grid`, p_t
 * is computed on a grid. Jumps and pulses of the formulas in t are found in them; `breaks` adds times that no step goes across.
 *
 * @throws InputError for formulas that cannot be read, a σ that is negative, 0 or not a number, breaks out of order, or a `maximumTime` that
 * cannot be reached
 */
export function custom(spec: CustomSpec): Process {
  const formulas = driftFormulas(spec.drift)
  const [node] = formulaParts(spec.sigma, SIGMA)
  compileNode(node, ['t'], SIGMA)
  const sigma = timeFormula(node, SIGMA)
  const diffusion = (t: number) => checkSigma(sigma.at(t), t)
  const square: TimeFormula = {
    at: (t) => diffusion(t) ** 2,
    range: (from, to) => unaryRanges.square(sigma.range(from, to)),
  }
  checkBreaks(spec.breaks ?? [])
  const line = spec.grid ? null : straightLine(formulas)
  if (!line) return nonlinear(spec, formulas, square, diffusion)

  const moments = linearMoments({
    beta: line.beta.at,
    gamma: line.gamma.at,
    square: square.at,
    inspect: (from, to) => inspect([line.beta, line.gamma, square], from, to),
    ...(spec.breaks && { breaks: spec.breaks }),
    ...(spec.maximumTime !== undefined && { maximumTime: spec.maximumTime }),
  })
  const { maximumTime } = moments
  if (spec.maximumTime !== undefined && maximumTime < spec.maximumTime)
    throw new InputError(
      'problem.process.maximumTime',
      spec.maximumTime,
      `at most ${maximumTime}: beyond it the drift and sigma cannot be integrated to rounding, or the noise outgrows the data 1e8 times`,
    )
  if (maximumTime === 0)
    throw new InputError(DRIFT, spec.drift, 'a drift and a sigma that are smooth from t = 0 on')
  if (!(moments.veTime(maximumTime) > 0)) throw new InputError(SIGMA, spec.sigma, 'a sigma that is not 0')
  const breaks = stepBreaks([line.beta, line.gamma, sigma], spec.breaks)
  return { ...linear(moments, formulas, diffusion), breaks }
}

function linear(moments: LinearMoments, { drift }: DriftFormulas, diffusion: Process['diffusion']): Process {
  return {
    kind: 'custom',
    maximumTime: moments.maximumTime,
    alpha: moments.alpha,
    sigma: (t) => moments.alpha(t) * moments.veTime(t),
    mean: (t) => moments.alpha(t) * moments.shift(t),
    drift,
    diffusion,
  }
}

function nonlinear(
  spec: CustomSpec,
  { dimension, nodes, symbols, drift, divergence }: DriftFormulas,
  square: TimeFormula,
  diffusion: Process['diffusion'],
): Process {
  const maximumTime = spec.maximumTime ?? FARTHEST
  const times = TIMES.map((part) => part * Math.min(maximumTime, 1))
  const values = times.map(diffusion)
  values.forEach((value, i) => {
    if (!Number.isFinite(value)) throw new InputError(`${SIGMA} at t = ${times[i]}`, value, 'a finite number')
  })
  const { low, high } = square.range(0, maximumTime)
  if (low === 0 && high === 0) throw new InputError(SIGMA, spec.sigma, 'a sigma that is not 0')
  const inTime = nodes.flatMap((node) => partsInTime(node, new Set(symbols)))
  return {
    kind: 'custom',
    maximumTime,
    nonlinear: {
      dimension,
      divergence,
      grid: spec.grid ?? {},
      noise: noiseBetween(square, spec.breaks),
      ...(nodes.length === 1 && { line: driftPlaces(nodes[0], symbols[0]) }),
    },
    alpha: refuseReduction,
    sigma: refuseReduction,
    drift,
    diffusion,
    breaks: stepBreaks([square, ...inTime.map((part) => timeFormula(part, DRIFT))], spec.breaks),
  }
}

function checkSigma(value: number, t: number): number {
  if (value >= 0 || Number.isNaN(value)) return value
  throw new InputError(`${SIGMA} at t = ${t}`, value, 'a number, not negative')
}

function checkBreaks(breaks: readonly number[]): void {
  breaks.forEach((time, i) => {
    if (i > 0 && !(time > breaks[i - 1]))
      throw new InputError(`problem.process.breaks[${i}]`, time, `a time after ${breaks[i - 1]}`)
  })
}

/** β and γ where every formula is β x + γ in its own coordinate, with the same β and γ; null otherwise, or where that is not seen. */
function straightLine({ nodes, symbols }: DriftFormulas): Line | null {
  const variables = new Set(symbols)
  const lines: { readonly slope: MathNode; readonly constant: MathNode }[] = []
  for (const [i, node] of nodes.entries()) {
    const form = linearForm(node, variables, symbols[i])
    if (!form) return null
    lines.push(form)
  }
  const [{ slope, constant }] = lines
  const [slopeText, constantText] = [slope.toString(), constant.toString()]
  if (lines.some((line) => line.slope.toString() !== slopeText || line.constant.toString() !== constantText))
    return null
  return { beta: timeFormula(slope, DRIFT), gamma: timeFormula(constant, DRIFT) }
}

/** The largest parts of a formula that depend on t and on no coordinate. */
function partsInTime(node: MathNode, coordinates: ReadonlySet<string>): MathNode[] {
  const used = usedSymbols([node])
  if (!used.has('t')) return []
  if (![...used].some((name) => coordinates.has(name))) return [node]
  const parts: MathNode[] = []
  node.forEach((child) => {
    parts.push(...partsInTime(child, coordinates))
  })
  return parts
}
