import type { ExperimentRun } from '../experiment.ts'
import { sweep } from '../sweep/index.ts'
import { leagueRuns } from './plan.ts'
import { type LeagueResults, leagueResults } from './results.ts'
import type { LeagueSettings } from './settings.ts'

/**
 * Every loss on every problem with the same processor time: a sweep whose file is in the folder. What is done already is not done again, after
 * an interruption too.
 *
 * @param folder for sweep.json, runs/ and models/; entries/ in it holds the networks of others
 */
export async function league(folder: string, run: ExperimentRun<LeagueSettings>): Promise<LeagueResults> {
  const runs = await leagueRuns(folder, run)
  const { threads, signal, onProgress } = run
  await sweep(runs, {
    ...{ folder, threads, signal },
    // hundreds of trainings: which one is enough to know
    onProgress: ({ label, ...at }) => onProgress?.({ ...at, label: label.split(',')[0] }),
  })
  return leagueResults(folder, runs, run.settings)
}
