import type { MapLoss } from './settings.ts'

/** What one network of the league is worth; null where its training or its measurement could not be finished. */
export interface LeagueNetwork {
  readonly seed: number
  /** √(E|f̂ − f|²/tr Cov) at T, with one standard error, and the median of |f̂ − f|/√(tr Cov). */
  readonly relativeError: number | null
  readonly standardError: number | null
  readonly medianError: number | null
  /** An estimated bound on relativeError; null where it is none. */
  readonly certificate: number | null
  readonly wasserstein2: number | null
  /** Why there are no numbers. */
  readonly failure: string | null
}

/** One loss on one problem with one budget. */
export interface LeagueRow {
  readonly problem: string
  readonly loss: MapLoss
  readonly needs: 'score' | 'samples'
  readonly budget: number
  readonly steps: number
  readonly networks: readonly LeagueNetwork[]
}

/** The network that stands for all seeds: that with the median error, of an even number the worse of the middle two. */
export function medianNetwork({ networks }: LeagueRow): LeagueNetwork {
  const error = ({ relativeError }: LeagueNetwork) => relativeError ?? Number.MAX_VALUE
  const sorted = [...networks].sort((a, b) => error(a) - error(b))
  return sorted[Math.floor(sorted.length / 2)]
}
