import type { Method } from '../../src/consistency-function.ts'
import { checkInteger, checkNumber, InputError } from '../../src/errors.ts'
import type { Density } from '../../src/problem/density.ts'
import { Integrator } from '../characteristics/engine.ts'
import { denoiserVelocity } from '../characteristics/plain.ts'
import { euler } from '../characteristics/tableaux/euler.ts'
import { heun } from '../characteristics/tableaux/heun.ts'
import { karrasTimes } from './karras.ts'

const solvers = { euler, heun }
// of Karras et al. 2022, whose data have scale 1/2
const RHO = 7
const SIGMA_MIN = 0.004
// rows integrated together: enough to spread the cost of a call
const ROWS = 256

export interface SamplerOptions {
  /** Default heun. */
  readonly solver?: keyof typeof solvers
  /** K, the number of steps: K evaluations with euler, 2K − 1 with heun. Default 18. */
  readonly steps?: number
  /** The last time before 0. Default 0.004 c, which is the 0.002 of Karras et al. for their data, of scale c = 1/2. */
  readonly sigmaMin?: number
}

/**
 * The samplers that consistency functions replace, as maps: K steps of Euler or Heun for dx/dt = (x − D(t, x))/t on the
 * times of Karras et al. 2022 (algorithm 1 without noise), ρ = 7. The last step, to t = 0, is Euler's with both:
 * x = D(σ_min, x). For t below the time of the problem the times start at t; for t ≤ σ_min one step is enough.
 *
 * @throws InputError for an option out of range
 * @example const f = await solve(problem, sampler({ solver: 'heun', steps: 18 }), { time: 80 }) // 35 evaluations
 */
export function sampler(options: SamplerOptions = {}): Method {
  const name = options.solver ?? 'heun'
  const tableau = Object.hasOwn(solvers, name) ? solvers[name] : undefined
  if (!tableau) throw new InputError('solver', name, Object.keys(solvers).join(' or '))
  const steps = checkInteger('steps', options.steps ?? 18, 1, 1_000_000)
  if (options.sigmaMin !== undefined) checkNumber('sigmaMin', options.sigmaMin, 0, Infinity, true)
  return {
    name: `sampler:${name}-${steps}`,
    options: { solver: name, steps, ...(options.sigmaMin !== undefined && { sigmaMin: options.sigmaMin }) },
    target: 'map',
    random: false,
    solveVe(density) {
      let evaluations = 0
      return {
        get functionEvaluations() {
          return evaluations
        },
        evaluate(t, x) {
          if (t === 0) return x.slice()
          const { scale } = density.moments
          // for a single point mass every schedule is exact
          const sigmaMin = options.sigmaMin ?? SIGMA_MIN * (scale > 0 ? scale : t)
          const times = karrasTimes(t, steps, sigmaMin, RHO)
          const stages = tableau.b.length
          evaluations += (x.length / density.dimension) * (stages * (times.length - 2) + 1)
          return descend(density, tableau, times, x)
        },
      }
    },
  }
}

function descend(
  density: Density,
  tableau: typeof euler,
  times: Float64Array,
  x: Float64Array,
): Float64Array {
  const velocity = denoiserVelocity(density)
  const size = ROWS * density.dimension
  const out = new Float64Array(x.length)
  for (let start = 0; start < x.length; start += size) {
    const block = x.slice(start, start + size)
    const integrator = new Integrator(tableau, block.length, density.dimension)
    for (let i = 0; i + 2 < times.length; i++) integrator.advance(velocity, times[i], times[i + 1], block)
    density.denoiser(times[times.length - 2], block, out.subarray(start, start + block.length))
  }
  return out
}
