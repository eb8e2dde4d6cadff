import type { Figure } from '../../src/figures/index.ts'
import { formatNumber } from '../../src/report/format.ts'
import type { Report, ReportSection, ReportTable } from '../../src/report/index.ts'
import { EQUATIONS, problemFacts } from '../report-head.ts'
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
      { heading: 'What was found', paragraphs: [samplers(results), rounds(results)] },
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

function samplers({ rows, floor, orders }: SamplingResults): string {
  const best = (name: string, limit: number) => {
    const own = rows.filter(({ sampler, evaluations }) => sampler === name && evaluations <= limit)
    const last = own.at(-1)
    return `${formatNumber(last?.mapError ?? null)} (${last?.evaluations ?? 0} evaluations)`
  }
  const first = rows
    .filter(({ wasserstein2 }) => wasserstein2 < 1.5 * floor)
    .reduce<SamplerRow | null>((a, b) => (a === null || b.evaluations < a.evaluations ? b : a), null)
  const worst = Math.max(...orders.map(({ observed, expected }) => Math.abs(observed - expected)))
  const enough = first
    ? `${first.sampler} needs the fewest for a law that cannot be told from the data (W₂ within 1.5 times the ${formatNumber(floor)} of two samples of the data): ${first.evaluations}.`
    : 'No sampler has a law as near to the data as another sample of it.'
  return `With at most 20 evaluations the relative error of the map is ${best('euler', 20)} for Euler, ${best('heun', 20)} for Heun, ${best('dpm-2m', 20)} for DPM-Solver++ 2M and ${best('dpm-3m', 20)} for 3M. ${enough} Observed orders are within ${worst.toFixed(2)} of theory.`
}

function rounds({ consistency }: SamplingResults): string {
  const of = (name: string) => consistency.rows.filter(({ f }) => f.startsWith(name))
  const path = (name: string) => {
    const own = of(name)
    const best = own.reduce((a, b) => (b.wasserstein2 < a.wasserstein2 ? b : a))
    // the smallest may be the first or the last
    const shown = [...new Set([own[0], best, own[own.length - 1]])].map(
      ({ wasserstein2, rounds }) => `${formatNumber(wasserstein2)} with K = ${rounds}`,
    )
    return shown.length > 2 ? `${shown[0]}, ${shown[1]} and ${shown[2]}` : shown.join(' and ')
  }
  const exact = of('exact f')
  const worst = Math.max(...exact.map(({ wasserstein2 }) => wasserstein2))
  return `Consistency sampling adds noise to f(T, x) and applies f again. With the true f that changes nothing in the law: W₂ is at most ${formatNumber(worst)} for every K (independent samples of this size: ${formatNumber(consistency.floor)}), while the map is lost, at a distance of ${formatNumber(exact[exact.length - 1].mapError)}. A wrong f gets better, because noise makes laws that differ more alike and the error that f adds from a smaller time is smaller: for the fixed point of consistency training W₂ is ${path('CT fixed point, N')}; with the norm in the loss ${path('CT fixed point with the norm')}; for a small network ${path('small network')}. Where it rises again with K, f is wrong at small times too, and every round adds that.`
}

function samplerTable(caption: string, rows: readonly SamplerRow[]): ReportTable {
  return {
    caption,
    head: ['sampler', 'schedule', 'steps', 'evaluations', 'error of the map', '± standard error', 'W₂'],
    rows: rows.map((row) => [
      row.sampler,
      row.schedule,
      String(row.steps),
      formatNumber(row.evaluations),
      ...[row.mapError, row.standardError, row.wasserstein2].map((value) => formatNumber(value)),
    ]),
  }
}
