import type { CauseName } from '../../solvers/diagnosis/index.ts'
import { cdFixedPoint } from '../../solvers/fixed-points/index.ts'
import { sampler } from '../../solvers/sampling/index.ts'
import type { VeMap } from '../../src/consistency-function.ts'
import { ownData, ownPoints, processTime, veData, veTime } from '../../src/problem/process.ts'
import { Random } from '../../src/random/random.ts'

import { besides, coupled, type Planted, problemOf, trained, truthOf, warped } from './planted.ts'

// what a faulty network is trained longer: a fault that is smaller than the error of the fit is not to be seen
const FAULTY_LENGTH = 4

type Maker = (random: Random, number: number, steps: number) => Promise<Planted>

/** What plants each fault, by its number; and trainings without one. */
export const makers: { readonly [K in CauseName | 'healthy']: Maker } = {
  async steps(random, number, steps) {
    const intervals = [4, 6, 8, 12, 16, 3, 2, 10][number % 8]
    if (number % 8 === 7)
      return trained(random, number, `cd, Euler steps, N = ${intervals}`, {
        loss: 'cd',
        solver: 'euler',
        intervals,
        steps: FAULTY_LENGTH * steps,
      })
    const { problem, time } = problemOf(random, number)
    const solver = number % 3 === 1 ? 'heun' : 'euler'
    const last = veTime(problem.process, time)
    if (number % 4 === 1) {
      const map = await cdFixedPoint({ intervals, solver }).solveVe(problem.density, { time: last, seed: 0 })
      return {
        problem,
        time,
        map: besides(problem, random, map, time),
        parameter: intervals,
        made: `fixed point of cd, ${solver}, N = ${intervals}`,
      }
    }
    const schedule = problem.process.kind === 've' ? 'karras' : 'cosine'
    const map = await sampler({ solver, steps: intervals, schedule }).solveVe(problem.density, {
      time: last,
      seed: 0,
    })
    return {
      problem,
      time,
      map: besides(problem, random, map, time),
      parameter: intervals,
      made: `${solver} sampler, ${schedule}, ${intervals} steps`,
    }
  },
  async viscosity(random, number, steps) {
    const intervals = [8, 12, 16, 24][Math.floor(number / 2) % 4]
    return coupled(random, number, FAULTY_LENGTH * steps, { intervals, metric: 'l2' })
  },
  async median(random, number, steps) {
    return coupled(random, number, FAULTY_LENGTH * steps, {
      intervals: 32,
      metric: number % 4 < 2 ? 'l1' : 'pseudo-huber',
    })
  },
  async 'time-scale'(random, number) {
    const factor = [0.5, 0.25, 0.8, 0.1, 2, 1.3, 0.6, 4][number % 8]
    const { problem } = problemOf(random, number)
    // beyond the end of a process there is no map
    const own = problem.process.maximumTime < Infinity ? Math.min(factor, 1 / factor) : factor
    return warped(Random.stream(1, `time-scale ${number}`), number, `f(${own} t, x)`, own, (t) => own * t)
  },
  async 'shifted-twice'(random, number) {
    const shift = [3, 2, 1.5, 0.5, 4, 1 / 3][number % 6]
    return warped(random, number, `shifted by ${shift}`, shift, (t, time) => {
      const u = t / time
      return (time * shift * u) / (1 + (shift - 1) * u)
    })
  },
  async float16(random, number) {
    const { problem, time } = problemOf(random, number)
    const f = await truthOf(problem, veTime(problem.process, time))
    const digits = number % 2 === 0 ? 11 : 8
    const round = (value: number) => {
      const unit = 2 ** (Math.floor(Math.log2(Math.abs(value) || 1)) - digits + 1)
      return Math.round(value / unit) * unit
    }
    const map = besides(problem, random, f, time, digits === 11 ? 2e-5 : 2e-4)
    const evaluate: VeMap['evaluate'] = (t, x) =>
      veData(problem.process, ownData(problem.process, map.evaluate(t, x)).map(round))
    return { problem, time, map: { evaluate }, parameter: digits, made: `values of ${digits} digits` }
  },
  async identity(random, number) {
    const { problem, time } = problemOf(random, number)
    const { process } = problem
    const map = besides(
      problem,
      random,
      {
        evaluate: (tau, x) => veData(process, ownPoints(process, processTime(process, tau, time), x)),
      },
      time,
    )
    return { problem, time, map, parameter: null, made: 'x' }
  },
  async collapse(random, number) {
    const { problem, time } = problemOf(random, number)
    const { mean } = problem.density.moments
    const map = besides(
      problem,
      random,
      {
        evaluate: (_, x) => x.map((__, i) => mean[i % mean.length]),
      },
      time,
    )
    return { problem, time, map, parameter: null, made: 'the mean' }
  },
  /** Trainings of several lengths whose losses converge to f itself. */
  async healthy(random, number, steps) {
    const own = Math.round(steps * [0.1, 0.3, 1, 0.5][number % 4])
    const options =
      number % 3 === 0
        ? ({ loss: 'cd', solver: 'exact', intervals: 64 } as const)
        : ({ loss: 'pinn' } as const)
    return trained(random, number, `${options.loss}, ${own} steps`, { ...options, steps: own })
  },
}
