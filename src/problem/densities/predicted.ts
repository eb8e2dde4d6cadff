import { InputError } from '../../errors.ts'
import { BadInput } from '../../io/bad-input.ts'
import type { PredictorDescription } from '../../nn/foreign/description.ts'
import { createPredictor } from '../../nn/foreign/predictor.ts'
import type { PredictorFiles } from '../../nn/foreign/predictor-file.ts'
import type { Moments } from '../../numeric/moments.ts'
import type { Density, Times } from '../density.ts'
import { checkProcessTime, isNoise, type Process, processTime, ratesOf, veTime } from '../process.ts'
import { ve } from '../processes/closed-form.ts'

/** The factors of y and of the prediction in E[Z | y], in D, and in the score. */
type Factors = Readonly<Record<'noise' | 'data' | 'score', readonly [number, number]>>

/** The network's time and place α y + m at a time of the VE process, and what its prediction less `shift` says there. */
interface At extends Factors {
  readonly time: number
  readonly alpha: number
  readonly mean: number
  readonly shift: number
}

// of the data scale: where a quotient is 0/0 at τ = 0, it is that at this τ
const NEARLY_ZERO = 1e-9
// weights that take the time of one exponential of a mixture in 2-D
const TERM_WEIGHTS = 6

/**
 * The density that is known by a described network, with the flow that is its own: E[Z | y], from which score and denoiser follow, by α
 * and σ of the process (docs/mathematics.md §7.4). Before `start` of the description trajectories stand still.
 *
 * @param moments of the data that it was trained on
 * @param sample of the same data
 * @throws InputError for a process that does not reduce, or a network that does not fit its description or the moments
 */
export function predicted(
  files: PredictorFiles,
  process: Process,
  moments: Moments,
  sample?: Density['sample'],
): Density {
  const { description, source, name } = files
  const { dimension: d, predicts, start = 0 } = description
  if (process.nonlinear)
    throw new BadInput(name, 'is a network for a drift that is not linear in x', 'a linear process')
  if (moments.mean.length !== d)
    throw new InputError('network.dimension', d, `${moments.mean.length}, that of the data`)
  const own = description.time === 've' ? ve() : process
  const { maximumTime: end = own.maximumTime } = description
  checkProcessTime(own, 'network.start', start)
  checkProcessTime(own, 'network.maximumTime', end, { low: start, open: true })
  const predictor = createPredictor(description, source, name)
  const { scale } = moments
  // the network knows the data as they are
  const { centre = new Float64Array(d) } = process
  const first = veTime(own, start)
  // the noise in a denoiser, (y − D)/τ, is rounding below it
  const rounding = predicts === 'denoiser' ? Math.sqrt(predictor.rounding) : NEARLY_ZERO
  const floor = rounding * scale

  let [known, at] = [first, conversionAt(own, predicts, first, floor)]
  const atTime = (tau: number): At => {
    if (tau !== known) [known, at] = [tau, conversionAt(own, predicts, tau, floor)]
    return at
  }

  let [t, x, P] = [new Float64Array(0), new Float64Array(0), new Float64Array(0)]
  function evaluate(times: Times, y: Float64Array): void {
    const n = y.length / d
    if (x.length !== y.length)
      [t, x, P] = [new Float64Array(n), new Float64Array(n * d), new Float64Array(n * d)]
    for (let row = 0, i = 0; row < n; row++) {
      // what stands still is asked for too, where the network is defined
      const { time, alpha, mean } = atTime(Math.max(first, timeOf(times, row)))
      t[row] = time
      for (let j = 0; j < d; j++, i++) x[i] = alpha * (y[i] + centre[j]) + mean
    }
    predictor.predict(t, x, P)
  }

  const convert = (to: keyof Factors) => (times: Times, y: Float64Array, out: Float64Array) => {
    evaluate(times, y)
    for (let row = 0, i = 0; i < y.length; row++) {
      const tau = timeOf(times, row)
      const { [to]: moving, shift } = atTime(Math.max(first, tau))
      const [a, b] = tau < first ? (to === 'data' ? [1, 0] : [0, 0]) : moving
      for (let j = 0; j < d; j++, i++)
        out[i] = a * (y[i] + centre[j]) + b * (P[i] - shift) - (to === 'data' ? centre[j] : 0)
    }
  }

  return {
    kind: 'neural',
    dimension: d,
    moments,
    atomic: false,
    terms: Math.ceil(predictor.parameters / TERM_WEIGHTS),
    maximumTime: veTime(own, end),
    rounding: predictor.rounding,
    // from E[Z | y] nothing of the data follows where α = 0
    ...((predicts === 'score' || predicts === 'epsilon') && isNoise(own, end) && { knownAtEnd: false }),
    noise: convert('noise'),
    denoiser: convert('data'),
    score: convert('score'),
    ...(sample && { sample }),
  }
}

function timeOf(times: Times, row: number): number {
  return typeof times === 'number' ? times : times[row]
}

/**
 * By x − m = α y = αD + σε: the score is −ε/σ, the velocity α′D + m′ + σ′ε (docs/mathematics.md §1.4), and v = αε − σD (2202.00512,
 * appendix D). Below `floor` quotients by τ are those at `floor`.
 */
function conversionAt(
  process: Process,
  predicts: PredictorDescription['predicts'],
  tau: number,
  floor: number,
): At {
  const divides = predicts === 'denoiser' || predicts === 'velocity'
  const near = divides ? Math.max(tau, floor) : tau
  const time = process.kind === 've' || process.kind === 'edm' ? near : processTime(process, near)
  const sigma = process.sigma(time)
  // 1 − t has lost its digits where t is near 1
  const alpha = near > 1 ? sigma / near : process.alpha(time)
  const place = { time, alpha, mean: process.mean?.(time) ?? 0, shift: 0 }
  const of = (noise: readonly [number, number], data: readonly [number, number]) => {
    const divisor = -Math.max(tau, floor)
    const [a, b] = noise
    return {
      ...{ ...place, noise, score: [a / divisor, b / divisor] as const },
      data: tau < near ? ([1 - tau * a, -tau * b] as const) : data,
    }
  }
  switch (predicts) {
    case 'score':
      return { ...of([0, -sigma], [1, sigma * tau]), score: [0, alpha] }
    case 'denoiser':
      return of([1 / near, -1 / near], [0, 1])
    case 'epsilon':
      return of([0, 1], [1, -tau])
    case 'velocity': {
      const rates = ratesOf(process, time)
      const growth = rates.variance / (2 * sigma)
      const whole = growth - rates.alpha * near
      const converted = of([-rates.alpha / whole, 1 / whole], [growth / whole, -near / whole])
      return { ...converted, shift: rates.mean }
    }
    case 'v': {
      const square = alpha * alpha + sigma * sigma
      return of([(sigma * alpha) / square, alpha / square], [(alpha * alpha) / square, -sigma / square])
    }
  }
}
