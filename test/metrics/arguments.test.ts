import { expect, it } from 'vitest'
import { paretoShape } from '../../src/certificate/pareto.ts'
import { integrate } from '../../src/characteristics/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { carriedSample } from '../../src/metrics/carried-sample.ts'
import { errorStatistics } from '../../src/metrics/error-statistics.ts'
import { drawProposal } from '../../src/metrics/importance-sampling.ts'
import { kolmogorovSmirnov } from '../../src/metrics/kolmogorov-smirnov.ts'
import { maximumMeanDiscrepancy } from '../../src/metrics/maximum-mean-discrepancy.ts'
import { unseenBy } from '../../src/metrics/unseen.ts'
import { slicedWasserstein } from '../../src/metrics/wasserstein.ts'
import { pointsFromRows } from '../../src/points/points.ts'
import { Random } from '../../src/random/random.ts'

const of = (...values: number[]) => Float64Array.from(values)
const random = new Random(1)
const problem = createProblem({
  process: { kind: 've' },
  data: { kind: 'gaussian', mean: [0], covariance: [[1]] },
})
const { density } = problem
const events = (event: object) => () =>
  integrate(problem, [[1]], { from: 1, to: 0, events: [event as never] })

it.each<[string, () => unknown]>([
  ['b is "2 values"; expected 3 values: as many as a.', () => slicedWasserstein(of(1, 2, 3), of(1, 2), 1)],
  ['a is "3 values"; expected n·d values, d = 2', () => slicedWasserstein(of(1, 2, 3), of(1, 2, 3), 2)],
  ['a is "0 values"', () => slicedWasserstein(of(), of(), 1)],
  ['b[1] is NaN; expected a finite number.', () => slicedWasserstein(of(1, 2), of(1, Number.NaN), 1)],
  ['directions is 0', () => slicedWasserstein(of(1, 2), of(1, 2), 2, 0)],
  ['estimate is "1 values"; expected 2', () => errorStatistics(of(1, 2), of(1), of(1, 1), 1)],
  [
    'truth is "3 values"; expected a multiple of 2',
    () => errorStatistics(of(1, 2, 3), of(1, 2, 3), of(1, 1), 1),
  ],
  ['weights is {}; expected at least one', () => errorStatistics(of(), of(), of(), 1)],
  [
    'weights[1] is -1; expected a finite number, at least 0.',
    () => errorStatistics(of(1, 2), of(1, 2), of(1, -1), 1),
  ],
  ['the sum of weights is 0', () => errorStatistics(of(1, 2), of(1, 2), of(0, 0), 1)],
  ['trace is 0', () => errorStatistics(of(1, 2), of(1, 2), of(1, 1), 0)],
  ['labels is "1 values"', () => errorStatistics(of(1, 2), of(1, 2), of(1, 1), 1, Int32Array.of(0))],
  ['x[0] is NaN', () => kolmogorovSmirnov([Number.NaN], () => 0.5)],
  ['cdf(2) is 1.5', () => kolmogorovSmirnov([2], () => 1.5)],
  [
    'the shape of Y is [2,2]',
    () =>
      maximumMeanDiscrepancy(
        [[1], [2]],
        [
          [1, 2],
          [3, 4],
        ],
        { random },
      ),
  ],
  ['values[1] is -1', () => paretoShape(of(1, -1))],
  ['count is 0', () => unseenBy(density, 0, 'plain')],
  ['count is 1.5', () => drawProposal(density, 1.5, random)],
  ['time is 0', () => carriedSample(density, { time: 0, count: 1, intervals: 2, random })],
  ['count is 0', () => carriedSample(density, { time: 1, count: 0, intervals: 2, random })],
  ['intervals is 0', () => carriedSample(density, { time: 1, count: 1, intervals: 0, random })],
  ['events[0].g is missing; expected a function of t and x.', events({ name: 'e' })],
  ['events[0].name is missing', events({ g: () => 1 })],
  [
    'events[0].direction is "up"; expected rising, falling or both.',
    events({ name: 'e', g: () => 1, direction: 'up' }),
  ],
  ['events[0].stop is "no"', events({ name: 'e', g: () => 1, stop: 'no' })],
  ['events is {}', () => integrate(problem, [[1]], { from: 1, to: 0, events: {} as never })],
])('%s', (sentence, run) => {
  expect(run).toThrow(sentence)
})

it('an integration keeps the points it was given', () => {
  const X = pointsFromRows([[1], [-2]])
  const expected = integrate(problem, X, { from: 5, to: 0 }).result().values.data
  const run = integrate(problem, X, { from: 5, to: 0 })
  X.data.fill(1e6)
  expect(run.result().values.data).toEqual(expected)
})
