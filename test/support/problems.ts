import { readdirSync, readFileSync } from 'node:fs'
import { parseProblem } from '../../src/create/create-problem.ts'
import type { Problem } from '../../src/problem/problem.ts'
import type { ProblemSpec } from '../../src/specification/problem.ts'

/** A problem with points and the true f there. */
export interface ReferenceCase {
  readonly name: string
  readonly problem: Problem
  readonly t: number
  readonly points: number[][]
  readonly f: number[][]
  /** Largest error of the file's own values. */
  readonly accuracy: number
}

const folder = new URL('../fixtures/reference/', import.meta.url)

/** All reference cases of test/fixtures/reference. */
export const referenceCases: readonly ReferenceCase[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => {
    const json = JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
    return { ...json, problem: parseProblem(json.problem) }
  })

export function referenceCase(name: string): ReferenceCase {
  const found = referenceCases.find((candidate) => candidate.name === name)
  if (!found) throw new Error(`no reference case ${name}`)
  return found
}

const ve = { kind: 've' }

/** Two analysers of two factors. */
function factorAnalysers(d: number, noise: (number | number[])[]): Problem {
  const matrix = (phase: number) =>
    Array.from({ length: d }, (_, i) => [0, 1].map((j) => Math.sin(3 * i + 5 * j + phase)))
  return parseProblem({
    process: ve,
    data: {
      kind: 'mixture',
      weights: [0.4, 0.6],
      means: [-1, 0.5].map((at) => new Array<number>(d).fill(at)),
      factors: [matrix(0), matrix(1)],
      noise,
    },
  })
}

/** One small problem of every kind of density. */
export const smallProblems: Readonly<Record<string, Problem>> = {
  'gaussian, 3-D': parseProblem({
    process: ve,
    data: {
      kind: 'gaussian',
      mean: [1, -2, 0.5],
      covariance: [
        [2, 0.3, 0],
        [0.3, 1, -0.2],
        [0, -0.2, 0.5],
      ],
    },
  }),
  'mixture, 1-D': parseProblem({
    process: ve,
    data: { kind: 'mixture', weights: [0.4, 0.6], means: [-1.5, 1.5], stds: [0.8, 0.6] },
  }),
  'factor analysers, 10-D': factorAnalysers(10, [0.5, 0.3]),
  'factor analysers with a noise for each coordinate, 11-D': factorAnalysers(11, [
    0.5,
    Array.from({ length: 11 }, (_, i) => 0.3 + 0.02 * i),
  ]),
  'mixture, 2-D': parseProblem({
    process: ve,
    data: {
      kind: 'mixture',
      weights: [0.3, 0.5, 0.2],
      means: [
        [-2, 0],
        [1, 1],
        [0, -2],
      ],
      covariances: [
        [
          [0.5, 0.1],
          [0.1, 0.3],
        ],
        [
          [0.4, -0.2],
          [-0.2, 0.6],
        ],
        [
          [0.3, 0],
          [0, 0.3],
        ],
      ],
    },
  }),
  'product, 2-D': parseProblem({
    process: ve,
    data: {
      kind: 'product',
      marginals: [
        { weights: [0.5, 0.5], means: [-1, 1], stds: [0.5, 0.4] },
        { weights: [0.2, 0.8], means: [-2, 0.5], stds: [0.6, 0.7] },
      ],
      rotation: [
        [0.6, 0.8],
        [-0.8, 0.6],
      ],
    },
  }),
  'kernel density, 2-D': parseProblem({
    process: ve,
    data: {
      kind: 'empirical',
      points: [
        [0, 0],
        [1, 0.5],
        [-1, 2],
        [2, -1],
        [0.5, 0.3],
        [3, 1],
      ],
      bandwidth: 0.5,
    },
  }),
  'radial, 3-D': parseProblem({
    process: ve,
    data: {
      kind: 'radial',
      dimension: 3,
      centre: [1, -0.5, 2],
      weights: [0.2, 0.5, 0.3],
      radii: [0, 2, 5],
      thicknesses: [0.4, 0.3, 0.6],
    },
  }),
  'formula, 1-D': parseProblem({
    process: ve,
    data: { kind: 'formula', density: 'exp(-x^4 + 2 x^2 + x / 2)' },
  }),
  'formula, 2-D': parseProblem({
    process: ve,
    data: { kind: 'formula', density: 'exp(-(x1^2 - 1)^2 - 2 (x2 - x1)^2)' },
  }),
}

/** Small problems of every kind of density but networks, which have to be trained. A new density has a line here. */
export const problemsByKind = {
  gaussian: [smallProblems['gaussian, 3-D']],
  mixture: [
    smallProblems['mixture, 1-D'],
    smallProblems['mixture, 2-D'],
    smallProblems['factor analysers, 10-D'],
    smallProblems['factor analysers with a noise for each coordinate, 11-D'],
  ],
  product: [smallProblems['product, 2-D']],
  empirical: [smallProblems['kernel density, 2-D']],
  expression: [
    // two modes at ±1 of deviation 0.5
    parseProblem({
      process: ve,
      data: { kind: 'expression', score: '(tanh(x / (0.25 + t^2)) - x) / (0.25 + t^2)' },
    }),
  ],
  formula: [smallProblems['formula, 1-D'], smallProblems['formula, 2-D']],
  radial: [
    smallProblems['radial, 3-D'],
    parseProblem({
      process: ve,
      data: { kind: 'radial', dimension: 2, weights: [0.4, 0.6], radii: [0, 2], thicknesses: [0.4, 0.5] },
    }),
  ],
} satisfies Record<Exclude<ProblemSpec['data']['kind'], 'neural'>, readonly Problem[]>

/** The same law about a point, for every kind of data that is known by more than a score. */
export const dataAbout: Record<
  Exclude<ProblemSpec['data']['kind'], 'expression' | 'neural'>,
  (at: number) => ProblemSpec['data']
> = {
  gaussian: (at) => ({
    kind: 'gaussian',
    mean: [at, -at],
    covariance: [
      [1, 0.3],
      [0.3, 2],
    ],
  }),
  mixture: (at) => ({
    kind: 'mixture',
    weights: [0.3, 0.7],
    means: [
      [at - 1, at],
      [at + 2, at + 1],
    ],
    stds: [0.5, 0.6],
  }),
  product: (at) => ({
    kind: 'product',
    marginals: [
      { weights: [0.5, 0.5], means: [at - 1, at + 1], stds: [0.4, 0.5] },
      { weights: [1], means: [at], stds: [2] },
    ],
  }),
  empirical: (at) => ({ kind: 'empirical', points: [[at], [at + 1], [at + 2.5]], bandwidth: 0.5 }),
  radial: (at) => ({
    kind: 'radial',
    dimension: 2,
    centre: [at, at],
    weights: [1],
    radii: [2],
    thicknesses: [0.5],
  }),
  formula: (at) => ({
    kind: 'formula',
    density: `exp(-(x - ${at})^2 / 2) * (1 + 0.5 * sin(x - ${at}))`,
    box: [[at - 8, at + 8]],
  }),
}
