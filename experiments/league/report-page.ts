import type { Figure } from '../../src/figures/index.ts'
import { formatCount, formatNumber, formatWithError, nothing } from '../../src/report/format.ts'
import type { Report, ReportSection } from '../../src/report/index.ts'
import { EQUATIONS } from '../experiment.ts'
import { leagueFindings } from './findings.ts'
import type { MeanRank } from './ranks.ts'
import type { LeagueResults } from './results.ts'
import { medianNetwork } from './rows.ts'

export function leagueReport(results: LeagueResults, drawn: readonly Figure[]): Report {
  const { budgets, seeds, problems } = results
  return {
    title: 'The league of losses',
    equation: EQUATIONS.consistency,
    data: results,
    meta: {
      Budgets: `${budgets.join(' and ')} seconds of processor time on one core for each training`,
      Seeds: seeds.join(', '),
      Problems: String(problems.length),
    },
    sections: [
      foundSection(results),
      problemSection(results),
      ...drawn.map((figure) => ({ heading: figure.title, figures: [figure] })),
      ...problems.map(({ name }) => errorSection(results, name)),
    ],
  }
}

/** Who is best, with the ranks. */
function foundSection(results: LeagueResults): ReportSection {
  const { budgets, ranks, problems } = results
  const longest = Math.max(...budgets)
  const order = ranks.filter(({ budget }) => budget === longest)
  const of = (loss: string, budget: number) =>
    ranks.find((rank) => rank.loss === loss && rank.budget === budget)
  return {
    heading: 'What was found',
    paragraphs: leagueFindings(results),
    table: {
      caption: `Mean ranks by the error of the map, 1 the best, over the problems that all losses take part in, and among the losses that need samples alone; in brackets their range over the seeds; best on: problems of ${problems.length} with the smallest error after ${longest} s`,
      head: [
        'loss',
        'needs',
        ...budgets.map((budget) => `rank, ${budget} s`),
        ...budgets.map((budget) => `of samples, ${budget} s`),
        'best on',
      ],
      rows: order.map(({ loss, needs, best }) => [
        loss,
        needs,
        ...budgets.map((budget) => rankText(of(loss, budget)?.all)),
        ...budgets.map((budget) => rankText(of(loss, budget)?.ofSamples)),
        String(best),
      ]),
      words: [1],
    },
  }
}

function rankText(rank: MeanRank | null | undefined): string {
  if (!rank) return nothing
  const [low, high] = rank.range
  return low === high
    ? rank.mean.toFixed(1)
    : `${rank.mean.toFixed(1)} (${low.toFixed(1)}–${high.toFixed(1)})`
}

function problemSection({ problems }: LeagueResults): ReportSection {
  return {
    heading: 'Problems',
    table: {
      caption:
        'The problems, with the map of the Gaussian of the same mean and covariance, which costs nothing',
      head: ['problem', 'data', 'T', 'error of the Gaussian map', 'its W₂'],
      rows: problems.map(({ name, words, time, gaussian }) => [
        name,
        words,
        String(time),
        formatNumber(gaussian.relativeError),
        formatNumber(gaussian.wasserstein2),
      ]),
      words: [1],
    },
  }
}

/** All losses on one problem, and the networks of others. */
function errorSection({ rows, budgets, entries }: LeagueResults, problem: string): ReportSection {
  const here = rows.filter((row) => row.problem === problem)
  const lines = here.map((row) => {
    const { networks, budget, steps, loss, needs } = row
    const { relativeError, standardError, medianError, certificate, wasserstein2 } = medianNetwork(row)
    const errors = networks.map((one) => formatNumber(one.relativeError))
    return {
      ...{ error: relativeError ?? Number.MAX_VALUE, budget },
      cells: [
        ...[loss, needs, String(budget), formatCount(steps)],
        formatWithError(relativeError, standardError),
        errors.join(', '),
        formatNumber(medianError),
        certificate === null ? 'no bound' : formatNumber(certificate),
        formatNumber(wasserstein2),
      ],
    }
  })
  const sorted = budgets.flatMap((budget) =>
    lines.filter((line) => line.budget === budget).sort((a, b) => a.error - b.error),
  )
  const own = entries.filter((entry) => entry.problem === problem)
  return {
    heading: problem,
    table: {
      caption: `Errors on ${problem}, of the seed with the median error; of two the worse`,
      head: [
        ...['loss', 'needs', 'seconds', 'steps', 'relative error', 'of each seed'],
        ...['median', 'certificate', 'W₂'],
      ],
      rows: [
        ...sorted.map(({ cells }) => cells),
        ...own.map(({ name, relativeError, interval, certificate }) => [
          ...[name, 'entered', nothing, nothing],
          formatNumber(relativeError),
          interval.map((end) => formatNumber(end)).join(' to '),
          nothing,
          certificate === null ? 'no bound' : formatNumber(certificate),
          nothing,
        ]),
      ],
      words: [1],
    },
  }
}
