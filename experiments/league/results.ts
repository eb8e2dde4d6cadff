import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { version } from '../../src/version.ts'
import { modelPath, readRun, type SweepRun } from '../sweep/index.ts'
import { type Entry, readEntries } from './entries.ts'
import { methodName, needsOf } from './plan.ts'
import { type LossRank, ranksOf } from './ranks.ts'
import type { LeagueNetwork, LeagueRow } from './rows.ts'
import type { LeagueSettings, MapLoss } from './settings.ts'

/** The true error of one network in the course of its training. */
export interface LeagueCurve {
  readonly problem: string
  readonly loss: MapLoss
  readonly budget: number
  /** As a share of the budget. */
  readonly time: readonly number[]
  readonly error: readonly number[]
}

interface ProblemFacts {
  readonly name: string
  readonly words: string
  readonly time: number
  /** Of the map of the Gaussian with the moments of the data. */
  readonly gaussian: { readonly relativeError: number | null; readonly wasserstein2: number | null }
}

/** What `league` writes to results.json. */
export interface LeagueResults {
  readonly version: string
  readonly budgets: readonly number[]
  readonly seeds: readonly number[]
  readonly problems: readonly ProblemFacts[]
  readonly rows: readonly LeagueRow[]
  readonly ranks: readonly LossRank[]
  readonly curves: readonly LeagueCurve[]
  readonly entries: readonly Entry[]
}

/** The results of all runs, put side by side. */
export async function leagueResults(
  folder: string,
  runs: readonly SweepRun[],
  settings: LeagueSettings,
): Promise<LeagueResults> {
  const files = new Map(
    await Promise.all(runs.map(async (run) => [run.name, await readRun(folder, run)] as const)),
  )
  const rowOf = (run: SweepRun) => files.get(run.name)?.row
  const rows: LeagueRow[] = []
  const curves: LeagueCurve[] = []
  for (const { name: problem } of settings.problems)
    for (const loss of settings.losses)
      for (const budget of settings.budgets) {
        const method = methodName(loss, budget)
        const own = runs.filter((run) => run.problem === problem && run.method === method)
        if (own.length === 0) continue
        const networks = own.map((run): LeagueNetwork => {
          const row = rowOf(run)
          return {
            seed: run.seed ?? Number.NaN,
            relativeError: row?.relativeError ?? null,
            standardError: row?.standardError ?? null,
            medianError: row?.medianError ?? null,
            certificate: row?.certificateReason === null ? row.certificate : null,
            wasserstein2: row?.wasserstein2 ?? null,
            failure: files.get(run.name)?.failure ?? null,
          }
        })
        const { options } = own[0]
        const steps = options.kind === 'train' ? (options.steps ?? Number.NaN) : Number.NaN
        rows.push({ problem, loss, needs: needsOf(loss), budget, steps, networks })
        const curve = await monitored(modelPath(folder, own[0]))
        if (curve) curves.push({ problem, loss, budget, ...curve })
      }
  const problems = settings.problems.map(({ name, words, time }): ProblemFacts => {
    const run = runs.find(({ problem, method }) => problem === name && method === 'gaussian')
    const row = run && rowOf(run)
    const gaussian = {
      relativeError: row?.relativeError ?? null,
      wasserstein2: row?.wasserstein2 ?? null,
    }
    return { name, words, time, gaussian }
  })
  return {
    version,
    budgets: settings.budgets,
    seeds: [...new Set(runs.flatMap(({ seed }) => (seed === null ? [] : [seed])))],
    problems,
    rows,
    ranks: ranksOf(rows, settings),
    curves,
    entries: await readEntries(folder, settings.problems),
  }
}

/** The errors that were measured while a model was trained; null where there are none. */
async function monitored(folder: string): Promise<Pick<LeagueCurve, 'time' | 'error'> | null> {
  const text = await readFile(join(folder, 'model.json'), 'utf8').catch(() => null)
  if (text === null) return null
  const { settings, training } = JSON.parse(text)
  const points: readonly { readonly step: number; readonly error: number }[] = training?.monitor?.points ?? []
  if (points.length < 2) return null
  return { time: points.map(({ step }) => step / settings.steps), error: points.map(({ error }) => error) }
}
