import { type LeagueRow, medianNetwork } from './rows.ts'
import type { LeagueSettings, MapLoss } from './settings.ts'

/** Where a loss stands among the others with one budget. */
export interface LossRank {
  readonly loss: MapLoss
  readonly needs: 'score' | 'samples'
  readonly budget: number
  /** Its mean rank by the error of the map over the problems that every loss takes part in, 1 the best: the mean of the seeds, and their range. */
  readonly all: MeanRank | null
  /** The same among the losses that need samples alone, over the problems that each of these takes part in. */
  readonly ofSamples: MeanRank | null
  /** Problems on which it has the smallest median error of all that take part. */
  readonly best: number
}

export interface MeanRank {
  readonly mean: number
  readonly range: readonly [number, number]
}

/** The ranks of every loss with every budget, best first. */
export function ranksOf(
  rows: readonly LeagueRow[],
  { losses, budgets, problems }: Pick<LeagueSettings, 'losses' | 'budgets' | 'problems'>,
): LossRank[] {
  return budgets.flatMap((budget) => {
    const own = rows.filter((row) => row.budget === budget)
    const ofSamples = own.filter(({ needs }) => needs === 'samples')
    const leaders = problems.map(({ name }) => {
      const here = own.filter(({ problem }) => problem === name)
      return [...here].sort((a, b) => middleError(a) - middleError(b))[0]?.loss
    })
    return losses
      .flatMap((loss): LossRank[] => {
        const needs = own.find((row) => row.loss === loss)?.needs
        if (needs === undefined) return []
        return [
          {
            ...{ loss, needs, budget },
            all: meanRank(loss, own),
            ofSamples: needs === 'samples' ? meanRank(loss, ofSamples) : null,
            best: leaders.filter((leader) => leader === loss).length,
          },
        ]
      })
      .sort((a, b) => (a.all?.mean ?? Number.MAX_VALUE) - (b.all?.mean ?? Number.MAX_VALUE))
  })
}

/** Over the problems that every loss of the rows takes part in; null where there is none. */
function meanRank(loss: MapLoss, rows: readonly LeagueRow[]): MeanRank | null {
  const losses = new Set(rows.map((row) => row.loss))
  const problems = [...new Set(rows.map(({ problem }) => problem))]
    .map((name) => rows.filter(({ problem }) => problem === name))
    .filter((here) => here.length === losses.size)
  if (problems.length === 0) return null
  const seeds = problems[0][0].networks.map(({ seed }) => seed)
  const means = seeds.map((seed) => {
    const ranks = problems.map((here) => {
      const errorOf = (name: MapLoss) =>
        here.find((row) => row.loss === name)?.networks.find((network) => network.seed === seed)
          ?.relativeError ?? Number.MAX_VALUE
      const mine = errorOf(loss)
      // losses that failed alike share the mean of their places
      const others = here.filter((row) => row.loss !== loss).map((row) => errorOf(row.loss))
      const better = others.filter((error) => error < mine).length
      return 1 + better + others.filter((error) => error === mine).length / 2
    })
    return ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length
  })
  const mean = means.reduce((sum, rank) => sum + rank, 0) / means.length
  return { mean, range: [Math.min(...means), Math.max(...means)] }
}

function middleError(row: LeagueRow): number {
  return medianNetwork(row).relativeError ?? Number.MAX_VALUE
}
