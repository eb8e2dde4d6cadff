import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { forwardMap, loadTable, saveTable, tableMethod, tabulate, weno5 } from '../../solvers/grid/index.ts'
import { consistencyTraining, distill, loadModel, pinn, trainModel } from '../../solvers/neural/index.ts'
import { modelMethod } from '../../solvers/neural/model-method.ts'
import { sampler } from '../../solvers/sampling/index.ts'
import { certify } from '../../src/certificate/certify.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import type { Method } from '../../src/consistency-function.ts'
import { createProblem, parseProblem } from '../../src/create/create-problem.ts'
import { problemFromScore, type ScoreFunctions } from '../../src/create/problem-from-score.ts'
import { InputError } from '../../src/errors.ts'
import { measureError } from '../../src/metrics/measure-error.ts'
import { checkPoints } from '../../src/points/points.ts'
import { denoiser, logDensity, score } from '../../src/problem/evaluate.ts'
import { ratesOf } from '../../src/problem/process.ts'
import { solve } from '../../src/solve.ts'
import type { ProcessSpec } from '../../src/specification/problem.ts'

const data = { kind: 'mixture', weights: [0.4, 0.6], means: [-1, 1], stds: [0.4, 0.3] } as const
const known = createProblem({ process: { kind: 've' }, data })
const { density } = known
const [mean, variance] = [density.moments.mean[0], density.moments.trace]

/** The same data by functions. */
const functions: ScoreFunctions = {
  dimension: 1,
  mean: [mean],
  covariance: [[variance]],
  score: (t, X) => {
    const out = new Float64Array(X.length)
    density.score(t, X, out)
    return out
  },
}
const whole: ScoreFunctions = {
  ...functions,
  logDensity: (t, X) => {
    const out = new Float64Array(X.length)
    density.logDensity?.(t, X, out)
    return out
  },
  sample: (count, random) => density.sample?.(count, random) ?? new Float64Array(),
}

const small = { steps: 3, width: 8, layers: 1, batch: 16 } as const
const X = [[-3], [-0.2], [0.1], [4]]

describe('a problem from functions', () => {
  it.each<[string, Method]>([
    ['characteristics', rungeKutta({ rtol: 1e-10 })],
    ['the forward map', forwardMap({ nodes: 129 })],
    ['weno5', weno5({ nodes: 129 })],
    ['a sampler', sampler({ steps: 8 })],
    ['pinn', pinn(small)],
    ['distillation', distill(small)],
    ['consistency training', consistencyTraining(small)],
  ])('has by %s the map of the same data by a formula', async (_, method) => {
    const [mine, theirs] = [problemFromScore(whole), known]
    const [f, g] = await Promise.all(
      [mine, theirs].map((problem) => solve(problem, method, { time: 5, seed: 1 })),
    )
    const [a, b] = [f, g].map((map) => checkPoints(map.evaluate(5, X), 1))
    const tolerance = method.random ? 2e-2 : 1e-7
    a.forEach((value, i) => {
      expect(Math.abs(value - b[i])).toBeLessThan(tolerance)
    })
    const [one, other] = await Promise.all([
      measureError(f, mine, { time: 5, samples: 256 }),
      measureError(g, theirs, { time: 5, samples: 256 }),
    ])
    if (!method.random) expect(one.relativeError).toBeLessThan(Math.max(0.2, 3 * other.relativeError))
  })

  it('has the score, the denoiser and the log-density of it at its own times', () => {
    const process = { kind: 'vp' } as const
    const [mine, theirs] = [problemFromScore({ ...whole, process }), createProblem({ process, data })]
    for (const t of [0.01, 0.4, 1]) {
      for (const of of [score, denoiser])
        checkPoints(of(mine, t, X), 1).forEach((value, i) => {
          expect(value).toBeCloseTo(of(theirs, t, X).data[i], 10)
        })
      expect(Array.from(logDensity(mine, t, X))).toEqual(Array.from(logDensity(theirs, t, X)))
    }
  })

  it('has the log-density of rows of several columns, a value each', () => {
    const plane = createProblem({
      process: { kind: 've' },
      data: {
        kind: 'mixture',
        weights: [0.4, 0.6],
        means: [
          [-1, 0],
          [1, 2],
        ],
        stds: [0.5, 0.7],
      },
    })
    const of = (width: number, name: 'score' | 'logDensity') => (t: number, x: Float64Array) => {
      const out = new Float64Array((x.length / 2) * width)
      plane.density[name]?.(t, x, out)
      return out
    }
    const { mean, covariance } = {
      mean: [0, 0],
      covariance: [
        [1, 0],
        [0, 1],
      ],
    }
    const mine = problemFromScore({
      dimension: 2,
      mean,
      covariance,
      score: of(2, 'score'),
      logDensity: of(1, 'logDensity'),
    })
    const rows = [
      [-1, 0.5],
      [0, 3],
      [2, 2],
    ]
    expect(Array.from(logDensity(mine, 0.3, rows))).toEqual(Array.from(logDensity(plane, 0.3, rows)))
  })

  it('is solved and measured by a score alone', async () => {
    const problem = problemFromScore(functions)
    const f = await solve(problem, rungeKutta({ rtol: 1e-10 }), { time: 5 })
    const { relativeError, sampling } = await measureError(f, problem, { time: 5, samples: 64 })
    expect(sampling).toBe('plain')
    expect(relativeError).toBeLessThan(1e-7)
    expect(() => logDensity(problem, 1, X)).toThrow('data with a log-density')
    await expect(solve(problem, consistencyTraining(small), { time: 5 })).rejects.toThrow(
      'a loss that needs no samples',
    )
  })

  it('keeps what the functions are given apart from what they give', () => {
    const clumsy = problemFromScore({
      ...functions,
      score: (t, Y) => {
        const out = functions.score(t, Y.slice())
        Y.set(out)
        return Y
      },
    })
    const x = Float64Array.from(X.flat())
    const out = new Float64Array(4)
    clumsy.density.denoiser(Float64Array.of(1, 1, 2, 3), x, out)
    expect(Array.from(x)).toEqual(X.flat())
    const expected = new Float64Array(4)
    density.denoiser(Float64Array.of(1, 1, 2, 3), x, expected)
    out.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 12)
    })
  })

  it.each<[string, Partial<Record<keyof ScoreFunctions, unknown>>]>([
    ['dimension is 1.5', { dimension: 1.5 }],
    ['mean is [1,2]; expected 1 finite numbers', { mean: [1, 2] }],
    ['covariance is [[0]]; expected one of data that vary', { covariance: [[0]] }],
    [
      'covariance is [[1,0],[0,1]]; expected a 1 × 1 matrix',
      {
        covariance: [
          [1, 0],
          [0, 1],
        ],
      },
    ],
    ['score is missing; expected a function', { score: undefined }],
    ['sample is 3; expected a function', { sample: 3 }],
    ['what score gives is "2 values"; expected a Float64Array of 3', { score: () => new Float64Array(2) }],
    ['is NaN; expected finite numbers', { score: (_: number, Y: Float64Array) => Y.map(() => Number.NaN) }],
    [
      'process is "custom"; expected a process with a linear drift',
      { process: { kind: 'custom', drift: 'x - x^3', sigma: '1', maximumTime: 1 } },
    ],
  ])('%s', (sentence, wrong) => {
    expect(() => problemFromScore({ ...functions, ...wrong } as ScoreFunctions)).toThrow(sentence)
  })
})

describe('a model', () => {
  const other = {
    ...functions,
    score: (t: number, Y: Float64Array) => Y.map((y) => -(y - mean) / (variance + t * t)),
  }

  it('of a function says so, is kept, and is refused for another with the same moments', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'function-'))
    try {
      const problem = problemFromScore(functions)
      const { model } = await trainModel(problem, { loss: 'pinn', time: 5, out: folder, ...small })
      expect(model.description.problem).toMatchObject({
        process: { kind: 've' },
        data: { kind: 'function', dimension: 1 },
      })
      const loaded = await loadModel(folder)
      const f = await solve(problem, loaded, { time: 5 })
      expect(checkPoints(f.evaluate(5, X), 1)).toEqual(
        checkPoints((await solve(problem, modelMethod(model), { time: 5 })).evaluate(5, X), 1),
      )
      await expect(solve(problemFromScore(other), loaded, { time: 5 })).rejects.toThrow(
        'its score is another',
      )
      expect(() => parseProblem(loaded.model.description.problem)).toThrow(
        'the functions themselves were not recorded',
      )
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('of a problem with another density put into it does not claim to be of the first', async () => {
    const gaussian = createProblem({
      process: { kind: 've' },
      data: { kind: 'gaussian', mean: [0], covariance: [[1]] },
    })
    const mixed = { ...gaussian, density: problemFromScore(functions).density }
    const { model } = await trainModel(mixed, { loss: 'pinn', time: 5, ...small })
    expect(model.description.problem.data.kind).toBe('function')
    expect(
      (await trainModel(gaussian, { loss: 'pinn', time: 5, ...small })).model.description.problem,
    ).toEqual(gaussian.specification)
  })

  it('and a table of functions are kept likewise', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'function-'))
    try {
      const problem = problemFromScore({ ...functions, process: { kind: 'vp' } })
      const f = await tabulate(problem, { time: 0.5, nodes: 65 })
      expect((await solve(problem, tableMethod(f.table), { time: 0.5 })).evaluate(0.5, X).data).toEqual(
        f.evaluate(0.5, X).data,
      )
      await expect(
        solve(problemFromScore({ ...other, process: { kind: 'vp' } }), tableMethod(f.table), { time: 0.5 }),
      ).rejects.toThrow('made for this problem')
      await saveTable(f, join(folder, 'table.bin'))
      await expect(loadTable(join(folder, 'table.bin'))).rejects.toThrow(
        'the functions themselves were not recorded',
      )
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('a process of functions', () => {
  const beta = (t: number) => 0.05 * t + 0.25 * 19.9 * t * t
  const pairs: [string, Exclude<ProcessSpec, { kind: 'custom' }>, ProcessSpec][] = [
    [
      'flow matching',
      { kind: 'interpolant', alpha: (t) => 1 - t, sigma: (t) => t },
      { kind: 'flowMatching' },
    ],
    [
      'vp',
      {
        kind: 'interpolant',
        alpha: (t) => Math.exp(-beta(t)),
        sigma: (t) => Math.sqrt(-Math.expm1(-2 * beta(t))),
      },
      { kind: 'vp' },
    ],
    [
      'a formula',
      { kind: 'interpolant', alpha: (t) => Math.cos(t), sigma: (t) => Math.sin(t), maximumTime: 1.5 },
      { kind: 'interpolant', alpha: 'cos(t)', sigma: 'sin(t)', maximumTime: 1.5 },
    ],
  ]

  it.each(pairs)('has the rates and the maps of %s', async (_, mine, theirs) => {
    const [a, b] = [createProblem({ process: mine, data }), createProblem({ process: theirs, data })]
    const end = a.process.maximumTime
    expect(b.process.maximumTime).toBe(end)
    for (const t of [0, 1e-4, 0.01, 0.3, 0.9, 0.999 * end]) {
      const [one, other] = [a, b].map(({ process }) => ratesOf(process, t))
      expect(Math.abs(one.alpha - other.alpha)).toBeLessThan(1e-9)
      expect(Math.abs(one.variance - other.variance)).toBeLessThan(1e-9)
    }
    const [f, g] = await Promise.all(
      [a, b].map((problem) => solve(problem, rungeKutta({ rtol: 1e-10 }), { time: 0.9 })),
    )
    checkPoints(f.evaluate(0.9, X), 1).forEach((value, i) => {
      expect(value).toBeCloseTo(g.evaluate(0.9, X).data[i], 8)
    })
    expect((await certify(f, a, { time: 0.9, samples: 64 })).estimate).toBeLessThan(1e-3)
  })

  it('is recorded as the VE process that it reduces to, and with functions of the data', async () => {
    const [, process] = pairs[0]
    const problem = createProblem({ process, data })
    expect(problem.specification).toMatchObject({
      process: { kind: 'function', maximumTime: 1 },
      data: known.specification.data,
    })
    expect(() => parseProblem(problem.specification)).toThrow('problem.process is "function"')
    const { model } = await trainModel(problem, { loss: 'pinn', time: 0.8, ...small })
    expect(model.description).toMatchObject({
      problem: known.specification,
      time: expect.closeTo(4, 12),
    })
    expect((await solve(problem, modelMethod(model), { time: 0.8 })).tRange).toEqual([0, 0.8])
    const both = problemFromScore({ ...whole, process })
    const f = await solve(both, rungeKutta({ rtol: 1e-10 }), { time: 0.8 })
    expect((await measureError(f, both, { time: 0.8, samples: 64 })).relativeError).toBeLessThan(1e-7)
  })

  it.each<[string, object]>([
    ['problem.process.alpha at t = 0 is 2; expected 1', { alpha: () => 2, sigma: (t: number) => t }],
    ['problem.process.sigma at t = 0 is 1; expected 0', { alpha: (t: number) => 1 - t, sigma: () => 1 }],
    [
      'sigma/alpha of problem.process at t = 0.5',
      { alpha: () => 1, sigma: (t: number) => (t < 0.5 ? t : 0.9 - t / 2) },
    ],
    [
      'a number above 0 before the end',
      { alpha: (t: number) => 1 - 2 * t + 2 * Math.max(0, t - 0.6) * 2, sigma: (t: number) => t },
    ],
    [
      'problem.process.alpha at t = 1 is NaN',
      { alpha: (t: number) => Math.sqrt(0.9 - t) / Math.sqrt(0.9), sigma: (t: number) => t },
    ],
    ['problem.process.sigma is "t"; expected a function', { alpha: (t: number) => 1 - t, sigma: 't' }],
    [
      'problem.process.end is "end"; expected no such key',
      { alpha: (t: number) => 1 - t, sigma: (t: number) => t, end: 1 },
    ],
  ])('%s', (sentence, wrong) => {
    const make = () => parseProblem({ process: { kind: 'interpolant', ...wrong }, data })
    expect(make).toThrow(InputError)
    expect(make).toThrow(sentence)
  })
})
