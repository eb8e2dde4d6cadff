import { formatNumber } from '../../src/report/format.ts'
import type { LossRank, MeanRank } from './ranks.ts'
import type { LeagueResults } from './results.ts'
import { type LeagueNetwork, type LeagueRow, medianNetwork } from './rows.ts'

/** What the numbers of a league say, in sentences. */
export function leagueFindings(results: LeagueResults): string[] {
  const { budgets, rows, ranks, problems } = results
  const longest = Math.max(...budgets)
  const last = rows.filter(({ budget }) => budget === longest)
  return [
    [winners(ranks, longest, problems.length), ofSamples(ranks, longest)].filter(Boolean).join(' '),
    [againstGaussian(results, last), moreTime(rows, budgets), spread(ranks, longest)]
      .filter(Boolean)
      .join(' '),
    [certificates(last), distances(last), failures(rows)].filter(Boolean).join(' '),
  ].filter((text) => text !== '')
}

function winners(ranks: readonly LossRank[], budget: number, count: number): string {
  const own = ranks.filter((rank) => rank.budget === budget && rank.all !== null)
  if (own.length < 2) return ''
  const [first, ...next] = own
  const most = [...ranks.filter((rank) => rank.budget === budget)].sort((a, b) => b.best - a.best)[0]
  const behind = next.slice(0, 2).map(({ loss, all }) => `${loss} (${rankText(all)})`)
  return (
    `After ${budget} seconds of one core ${first.loss} has the best mean rank, ${rankText(first.all)}, before ${behind.join(' and ')}. ` +
    `On ${most.best} of ${count} problems the smallest error is that of ${most.loss}.`
  )
}

function ofSamples(ranks: readonly LossRank[], budget: number): string {
  const own = ranks
    .filter((rank) => rank.budget === budget && rank.ofSamples !== null)
    .sort((a, b) => Number(a.ofSamples?.mean) - Number(b.ofSamples?.mean))
  if (own.length < 2) return ''
  return `Of the losses that need samples alone ${own[0].loss} is first among themselves (${rankText(own[0].ofSamples)}), then ${own[1].loss} (${rankText(own[1].ofSamples)}).`
}

function rankText(rank: MeanRank | null): string {
  return rank === null ? 'no rank' : rank.mean.toFixed(1)
}

/** Which problems nobody learned, and which losses learned nothing anywhere. */
function againstGaussian({ problems }: LeagueResults, rows: readonly LeagueRow[]): string {
  const beats = (row: LeagueRow) => {
    const baseline = problems.find(({ name }) => name === row.problem)?.gaussian.relativeError ?? null
    const { relativeError } = medianNetwork(row)
    return baseline !== null && relativeError !== null && relativeError < baseline
  }
  const unlearned = problems.filter(({ name }) => !rows.some((row) => row.problem === name && beats(row)))
  const losses = [...new Set(rows.map(({ loss }) => loss))]
  const nowhere = losses.filter((loss) => !rows.some((row) => row.loss === loss && beats(row)))
  const everywhere = losses.filter((loss) => rows.every((row) => row.loss !== loss || beats(row)))
  return [
    unlearned.length > 0
      ? `On ${list(unlearned.map(({ name }) => name))} no loss beats the map of the Gaussian: nothing was learned there in this time.`
      : 'On every problem some loss beats the map of the Gaussian.',
    everywhere.length > 0
      ? `On all problems that they take part in ${list(everywhere)} beat${everywhere.length === 1 ? 's' : ''} it.`
      : 'No loss beats it on all problems.',
    nowhere.length > 0 ? `${list(nowhere)} beat${nowhere.length === 1 ? 's' : ''} it on none.` : '',
  ]
    .filter(Boolean)
    .join(' ')
}

function moreTime(rows: readonly LeagueRow[], budgets: readonly number[]): string {
  const [short, long] = [Math.min(...budgets), Math.max(...budgets)]
  if (short === long) return ''
  const gains = rows
    .filter(({ budget }) => budget === long)
    .flatMap((row) => {
      const before = rows.find(
        (one) => one.problem === row.problem && one.loss === row.loss && one.budget === short,
      )
      const [a, b] = [before && medianNetwork(before).relativeError, medianNetwork(row).relativeError]
      return a && b ? [a / b] : []
    })
    .sort((a, b) => a - b)
  if (gains.length === 0) return ''
  return `${formatNumber(long / short, 2)} times the time divides the error by ${formatNumber(middle(gains), 2)} in the median over losses and problems, by ${formatNumber(gains[gains.length - 1], 2)} at most.`
}

function spread(ranks: readonly LossRank[], budget: number): string {
  const widths = ranks.flatMap(({ all, budget: own }) =>
    own === budget && all ? [all.range[1] - all.range[0]] : [],
  )
  const most = Math.max(0, ...widths)
  return most === 0 ? '' : `Seeds move a mean rank by at most ${most.toFixed(1)}.`
}

function certificates(rows: readonly LeagueRow[]): string {
  const all = rows.flatMap(({ networks }) => networks)
  const bounds = all.filter(
    ({ certificate, relativeError }) => certificate !== null && relativeError !== null,
  )
  const ratios = bounds
    .map((one) => Number(one.certificate) / Number(one.relativeError))
    .sort((a, b) => a - b)
  if (ratios.length === 0) return ''
  const below = ratios.filter((ratio) => ratio < 1).length
  return (
    `Of ${all.length} networks ${bounds.length} have a certificate that is a bound: ${formatNumber(middle(ratios), 2)} times the error in the median, ` +
    (below === 0 ? 'and never below it.' : `below the error measured in ${below}.`)
  )
}

/** Whether the distance of samples ranks the losses as the error of the map does. */
function distances(rows: readonly LeagueRow[]): string {
  const correlations = [...new Set(rows.map(({ problem }) => problem))].flatMap((problem) => {
    const own = rows
      .filter((row) => row.problem === problem)
      .map(medianNetwork)
      .filter(({ relativeError, wasserstein2 }) => relativeError !== null && wasserstein2 !== null)
    return own.length < 3 ? [] : [spearman(own)]
  })
  if (correlations.length === 0) return ''
  const mean = correlations.reduce((sum, value) => sum + value, 0) / correlations.length
  return `W₂ of samples ranks losses otherwise than the error of the map does: their rank correlation is ${mean.toFixed(2)} in the mean over problems and ${Math.min(...correlations).toFixed(2)} at the least.`
}

function failures(rows: readonly LeagueRow[]): string {
  const failed = rows.flatMap(({ loss, problem, networks }) =>
    networks.flatMap(({ failure }) => (failure === null ? [] : [`${loss} on ${problem}`])),
  )
  if (failed.length === 0) return ''
  return `${failed.length === 1 ? 'One training' : `${failed.length} trainings`} could not be finished: ${list([...new Set(failed)])}.`
}

/** Spearman's rank correlation of error and W₂. */
function spearman(networks: readonly LeagueNetwork[]): number {
  const places = (value: (network: LeagueNetwork) => number) => {
    const order = [...networks.keys()].sort((a, b) => value(networks[a]) - value(networks[b]))
    const ranks: number[] = []
    for (const [rank, k] of order.entries()) ranks[k] = rank
    return ranks
  }
  const a = places(({ relativeError }) => Number(relativeError))
  const b = places(({ wasserstein2 }) => Number(wasserstein2))
  const n = networks.length
  const squares = a.reduce((sum, rank, k) => sum + (rank - b[k]) ** 2, 0)
  return 1 - (6 * squares) / (n * (n * n - 1))
}

function middle(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)]
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
