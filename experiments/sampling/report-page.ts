import type { Figure } from '../../src/figures/index.ts'
import { formatCount, formatNumber, nothing } from '../../src/report/format.ts'
import type { Report, ReportSection, ReportTable } from '../../src/report/index.ts'
import { EQUATIONS, problemFacts } from '../experiment.ts'
import type { SamplerRow, SamplingResults } from './index.ts'

/** The page of the experiment. */
export function samplingReport(results: SamplingResults, figures: readonly Figure[]): Report {
  return {
    title: 'Slow: how many steps does a sampler take?',
    equation: EQUATIONS.flow,
    data: results,
    meta: {
      ...problemFacts(results.problem),
      'Time T': String(results.time),
      'Points of a sample': String(results.samples),
      Seed: String(results.seed),
    },
    sections: [
      samplersSection(results),
      roundsSection(results),
      ...figures.map((figure): ReportSection => ({ heading: figure.title, figures: [figure] })),
      { heading: 'Samplers', table: samplerTable('On the times of Karras et al.', results.rows) },
      { heading: 'Schedules', table: samplerTable('The same number of steps on each', results.bySchedule) },
      {
        heading: 'Orders',
        table: {
          caption: 'Observed on a smooth problem',
          head: ['sampler', 'schedule', 'order', 'observed'],
          rows: results.orders.map((row) => [
            row.sampler,
            row.schedule,
            String(row.expected),
            row.observed.toFixed(2),
          ]),
        },
      },
      {
        heading: 'Consistency sampling',
        table: {
          caption: `Two modes on the line; the minor one has ${formatNumber(results.consistency.minorMass)} of the probability`,
          head: ['f', 'K', 'W₂', 'minor mode', 'distance to the true map'],
          rows: results.consistency.rows.map((row) => [
            row.f,
            String(row.rounds),
            ...[row.wasserstein2, row.minorMass, row.mapError].map((value) => formatNumber(value)),
          ]),
        },
      },
    ],
  }
}

const FEW = 20
/** W₂ within this many times that of two samples of the data: a law that cannot be told from it. */
const CLOSE = 1.5

/** Each sampler with few evaluations, and with how many its law is that of the data. */
function samplersSection({ rows, floor, orders }: SamplingResults): ReportSection {
  const names = [...new Set(rows.map(({ sampler }) => sampler))]
  const own = (name: string) => rows.filter(({ sampler }) => sampler === name)
  const best = rows
    .filter(({ evaluations, mapError }) => evaluations <= FEW && mapError !== null)
    .sort((a, b) => Number(a.mapError) - Number(b.mapError))[0]
  const worst = Math.max(...orders.map(({ observed, expected }) => Math.abs(observed - expected)))
  return {
    heading: 'What was found: samplers',
    paragraphs: [
      `With at most ${FEW} evaluations ${best.sampler} has the smallest error of the map. Two samples of the data are W₂ = ${formatNumber(floor)} apart: within ${CLOSE} times that a law cannot be told from the data. Observed orders are within ${worst.toFixed(2)} of theory.`,
    ],
    table: {
      caption: `The most steps with at most ${FEW} evaluations, and the fewest evaluations for a law like that of the data`,
      head: ['sampler', 'evaluations', 'error of the map', 'W₂', 'evaluations for the law'],
      rows: names.map((name) => {
        const last = own(name)
          .filter(({ evaluations }) => evaluations <= FEW)
          .at(-1)
        const enough = own(name)
          .filter(({ wasserstein2 }) => wasserstein2 < CLOSE * floor)
          .map(({ evaluations }) => evaluations)
        return [
          name,
          formatCount(last?.evaluations ?? null),
          ...[last?.mapError, last?.wasserstein2].map((value) => formatNumber(value ?? null)),
          enough.length === 0 ? nothing : formatCount(Math.min(...enough)),
        ]
      }),
    },
  }
}

/** What K rounds of noise and f make of a right f and of wrong ones. */
function roundsSection({ consistency }: SamplingResults): ReportSection {
  const names = [...new Set(consistency.rows.map(({ f }) => f))]
  return {
    heading: 'What was found: consistency sampling',
    paragraphs: [
      `Consistency sampling adds noise to f(T, x) and applies f again, K times in all. A right f keeps its law and loses the map; a wrong one can gain, since noise makes laws more alike, until what f gets wrong at small times ends that. Independent samples of this size are W₂ = ${formatNumber(consistency.floor)} apart.`,
    ],
    table: {
      caption:
        'W₂ of one round, of the best K and of the most rounds; and how far the last map is from the true one',
      head: ['f', 'K = 1', 'best', 'its K', 'last', 'its K', 'distance to the true map'],
      rows: names.map((name) => {
        const own = consistency.rows.filter(({ f }) => f === name)
        const best = own.reduce((a, b) => (b.wasserstein2 < a.wasserstein2 ? b : a))
        const last = own[own.length - 1]
        return [
          name,
          formatNumber(own[0].wasserstein2),
          ...[best, last].flatMap(({ wasserstein2, rounds }) => [formatNumber(wasserstein2), String(rounds)]),
          formatNumber(last.mapError),
        ]
      }),
    },
  }
}

function samplerTable(caption: string, rows: readonly SamplerRow[]): ReportTable {
  return {
    caption,
    head: ['sampler', 'schedule', 'steps', 'evaluations', 'error of the map', '± standard error', 'W₂'],
    rows: rows.map((row) => [
      row.sampler,
      row.schedule,
      String(row.steps),
      formatCount(row.evaluations),
      ...[row.mapError, row.standardError, row.wasserstein2].map((value) => formatNumber(value)),
    ]),
  }
}
