import type { VeMap } from '../../src/consistency-function.ts'
import type { Density } from '../../src/problem/density.ts'
import { processTime, veTime } from '../../src/problem/process.ts'
import { cdFixedPoint } from '../fixed-points/index.ts'
import { samplingSchemes, scheduleTimes } from '../sampling/index.ts'
import type { SamplingScheme } from '../sampling/schemes.ts'
import type { Family, MakeFamilies, Prediction } from './cause.ts'
import type { Observed } from './observed.ts'

const LADDER = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, 64, 80, 96, 128, 192, 256]
// two steps of Heun smear what lies between the modes as a network does that has hardly been trained
const FEWEST = 3
// the smallest time of Karras et al. 2022, relative to the scale of their data
const SIGMA_MIN = 0.004

/** Times of so many steps, descending from a time of the VE problem to 0. */
type StepTimes = (count: number, from: number) => Float64Array

/**
 * Too few steps of the probability-flow ODE: what consistency distillation on N times converges to, whose times are the same for every t
 * (docs/mathematics.md §4.1), and what a network has learned that copies an N-step sampler, which divides every [0, t] anew.
 */
export const stepsFamilies: MakeFamilies = (observed) => {
  const { problem, times } = observed
  const { density } = problem
  if (density.atomic) return 'point masses have no velocity at t = 0'
  const last = times[times.length - 1]
  const families: Family[] = []
  for (const solver of ['euler', 'heun'] as const) {
    families.push({
      ...family(solver, ' in θ = arctan(t/c)'),
      ladder: LADDER.filter((count) => count >= FEWEST),
      predict: (intervals) => distilledSteps(observed, solver, intervals),
    })
    for (const [schedule, stepTimes] of Object.entries(stepTimesOf(observed)))
      for (const anew of [false, true]) {
        families.push({
          ...family(solver, `, ${schedule}${anew ? ', each from its own t' : ''}`),
          predict: (count) =>
            atTimes(observed, {
              evaluate: (t, x) =>
                descend(
                  density,
                  samplingSchemes[solver],
                  anew ? stepTimes(count, t) : below(stepTimes(count, last), t),
                  x,
                ),
            }),
        })
      }
  }
  return families
}

/** What consistency distillation on N times converges to with steps of a solver. */
export async function distilledSteps(
  observed: Observed,
  solver: keyof typeof named,
  intervals: number,
): Promise<Prediction> {
  const run = { time: observed.times[observed.times.length - 1], seed: 0 }
  return atTimes(observed, await cdFixedPoint({ intervals, solver }).solveVe(observed.problem.density, run))
}

const named = { euler: 'Euler', heun: 'Heun' } as const

function family(solver: keyof typeof named, times: string): Omit<Family, 'predict'> {
  const variant = `${named[solver]} steps${times}`
  return { cause: 'steps', variant, ladder: LADDER, whole: true, falls: true, smears: solver === 'heun' }
}

/** Evenly in the process's own time, and as Karras et al. space them. */
function stepTimesOf({ problem, time }: Observed): Record<string, StepTimes> {
  const { process, density } = problem
  const { scale } = density.moments
  const uniform: StepTimes = (count, from) => {
    const own = processTime(process, from, time)
    return Float64Array.from({ length: count + 1 }, (_, i) =>
      i === 0 ? from : i === count ? 0 : veTime(process, own * (1 - i / count)),
    )
  }
  return {
    'karras times': (count, from) => scheduleTimes('karras', count, { from, to: SIGMA_MIN * scale, scale }),
    'uniform times': uniform,
  }
}

/** The times below t, from t. */
function below(times: Float64Array, t: number): Float64Array {
  return Float64Array.of(t, ...times.filter((time) => time < t * (1 - 1e-9)))
}

function descend(
  density: Density,
  scheme: SamplingScheme,
  times: Float64Array,
  x: Float64Array,
): Float64Array {
  const z = x.slice()
  scheme.descend(
    (t, place, out) => density.denoiser(t, place, out),
    times,
    z,
    () => 0,
  )
  const out = new Float64Array(z.length)
  density.denoiser(times[times.length - 2], z, out)
  return out
}

/** A map at the observed times and places. */
export function atTimes({ times, positions }: Observed, map: Pick<VeMap, 'evaluate'>) {
  return { values: times.map((t, k) => map.evaluate(t, positions[k])) }
}
