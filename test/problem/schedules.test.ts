import { describe, expect, it } from 'vitest'
import { parseProblem } from '../../src/create/create-problem.ts'
import { exact } from '../../src/exact/exact.ts'
import { points } from '../../src/points/points.ts'
import { processTime, veTime } from '../../src/problem/process.ts'
import { solve } from '../../src/solve.ts'

const data = { kind: 'gaussian', mean: [2], covariance: [[0.25]] }
const process = (spec: object) => parseProblem({ process: spec, data }).process
const relative = (a: number, b: number) => Math.abs(a - b) / Math.abs(b)

describe('ddpm', () => {
  // √ᾱ_n from the β of numpy.linspace with 40 digits, in mpmath
  it.each([
    [{ schedule: 'linear' }, [0.9999499987499375, 0.2803341628873981, 0.006352818087570022]],
    [{}, [0.9999499987499375, 0.2803341628873981, 0.006352818087570022]],
    [
      { schedule: 'scaledLinear', start: 0.00085, end: 0.012 },
      [0.9995749096490968, 0.5269436881266041, 0.06826491421716752],
    ],
    [{ schedule: 'cosine' }, [0.9999793576745363, 0.702740058941169, 4.928252131369162e-5]],
  ])('has the ᾱ of %j at integers', (spec, wanted) => {
    const { alpha, sigma, maximumTime } = process({ kind: 'ddpm', ...spec })
    expect(maximumTime).toBe(1000)
    for (const [i, n] of [1, 500, 1000].entries()) {
      expect(relative(alpha(n), wanted[i])).toBeLessThan(1e-11)
      expect(relative(sigma(n) ** 2, 1 - wanted[i] ** 2)).toBeLessThan(1e-9)
    }
  })

  it('takes betas, and log SNR between integers', () => {
    const own = process({ kind: 'ddpm', betas: [0.1, 0.2, 0.3] })
    const ratio = (t: number) => 2 * Math.log(own.alpha(t) / own.sigma(t))
    expect(relative(own.alpha(3), Math.sqrt(0.9 * 0.8 * 0.7))).toBeLessThan(1e-15)
    expect(relative(ratio(1.25), 0.75 * ratio(1) + 0.25 * ratio(2))).toBeLessThan(1e-12)
    // from the data, whose log SNR is infinite, with a constant β
    expect(relative(own.alpha(0.5), 0.9 ** 0.25)).toBeLessThan(1e-15)
    expect(relative(processTime(own, veTime(own, 1.7)), 1.7)).toBeLessThan(1e-12)
  })

  it.each([
    [{ betas: [0.1, 1, 0.2] }, 'betas[1] is 1; expected a number above 0 and below 1'],
    [{ betas: [0] }, 'betas[0] is 0'],
    [{ betas: [0.1], schedule: 'linear' }, 'schedule is "linear"; expected none beside betas'],
    [{ betas: [0.1], steps: 2 }, 'steps is 2; expected 1'],
    [{ start: 0.1 }, 'end is 0.02; expected at least the start, 0.1'],
    [{ schedule: 'cosine', end: 0.1 }, 'end is 0.1; expected none with the schedule cosine'],
    [{ schedule: 'quadratic' }, 'schedule'],
  ])('refuses %j', (spec, message) => {
    expect(() => process({ kind: 'ddpm', ...spec })).toThrow(message)
  })
})

describe('interpolant', () => {
  it.each([
    [{ alpha: '1 - 0.5 t', sigma: 't + 0.1' }, 'sigma at t = 0 is 0.1; expected 0'],
    [{ alpha: '2 - t', sigma: 't' }, 'alpha at t = 0 is 2; expected 1'],
    [{ alpha: '1 - 2 t', sigma: 't' }, 'alpha at t = 1 is -1'],
    [{ alpha: '(1 - 2 t)^2', sigma: 't' }, 'problem.process'],
    [{ alpha: '1', sigma: 't * (1 - t)' }, 'sigma at t = 1 is 0; expected a number above 0'],
    // three falls that samples do not see
    [
      { alpha: '1', sigma: 't + 1e-6 * exp(-((t - 0.3712) / 1e-7)^2)' },
      'sigma/alpha of problem.process at t = 0.37',
    ],
    [{ alpha: '1 - t', sigma: 't < 0.7 ? t : t - 1e-9' }, 'problem.process'],
    // down by 1e-7 of its own size, between two of 4096 places
    [
      { alpha: '1', sigma: 't + 1e-7 * exp(-((t - 0.50012) / 1e-4)^2) * 3000' },
      'sigma/alpha of problem.process at t = 0.5',
    ],
    [{ alpha: '1', sigma: 't + 1.02 * sin(40 t) / 40' }, 'expected a ratio that is known to grow'],
    [{ alpha: '1', sigma: 'min(t, 0.5)' }, 'problem.process'],
    [{ alpha: '1 - t +', sigma: 't' }, 'alpha'],
    [{ alpha: '1 - x', sigma: 't' }, 'alpha is "x"'],
  ])('refuses %j', (spec, message) => {
    expect(() => process({ kind: 'interpolant', ...spec })).toThrow(message)
  })

  it('takes what is flat at an end only', () => {
    for (const spec of [
      { alpha: '1', sigma: 't^3' },
      { alpha: '1 - t^2', sigma: 't' },
      { alpha: 'cos(pi t / 2)^2', sigma: 'sqrt(1 - cos(pi t / 2)^4)' },
    ])
      expect(process({ kind: 'interpolant', ...spec }).maximumTime).toBe(1)
  })
})

it('flow matching, cosine and the interpolants of the same formulas are one', async () => {
  const mixture = { kind: 'mixture', weights: [0.3, 0.7], means: [-0.5, 1], stds: [0.1, 0.2] }
  const at = async (spec: object, t: number) => {
    const f = await solve(parseProblem({ process: spec, data: mixture }), exact(), { time: 1 })
    return Array.from(f.evaluate(t, points(Float64Array.of(-0.4, 0.2, 0.9), 1)).data)
  }
  const cosine = 'cos((t + 0.008) / 1.008 * pi / 2) / cos(0.008 / 1.008 * pi / 2)'
  for (const t of [0.1, 0.5, 0.93])
    for (const [named, alpha, sigma] of [
      [{ kind: 'flowMatching' }, '1 - t', 't'],
      [{ kind: 'cosine' }, cosine, `sqrt(1 - (${cosine})^2)`],
    ] as const) {
      const [a, b] = [await at(named, t), await at({ kind: 'interpolant', alpha, sigma }, t)]
      a.forEach((value, i) => {
        expect(Math.abs(value - b[i])).toBeLessThan(1e-12)
      })
    }
})

it.each([
  [{ kind: 'flowMatching' }, 1.5, 'time is 1.5; expected a finite number above 0 and at most 1.'],
  [{ kind: 'cosine' }, Infinity, 'time is Infinity; expected a finite number above 0 and at most 1.'],
  [{ kind: 'ddpm' }, 1001, 'at most 1000'],
  [{ kind: 'cosine', s: -1 }, 1, 'problem.process.s'],
  [{ kind: 'flowMatching', s: 1 }, 1, 'problem.process.s'],
])('%j to %d is refused in a sentence', async (spec, time, message) => {
  await expect(async () => solve(parseProblem({ process: spec, data }), exact(), { time })).rejects.toThrow(
    message,
  )
})
