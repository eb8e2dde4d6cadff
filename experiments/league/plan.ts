import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { losses } from '../../solvers/neural/index.ts'
import { createProblem, parseProblem } from '../../src/create/create-problem.ts'
import { writeFileAtomic } from '../../src/io/atomic-write.ts'
import { BadInput } from '../../src/io/bad-input.ts'
import { withFolderLock } from '../../src/io/folder-lock.ts'
import { readJson } from '../../src/io/json.ts'
import { yieldAndCheckAbort } from '../../src/yield-and-check-abort.ts'
import type { ExperimentRun } from '../experiment.ts'
import { parseSweep, readSweep, type SweepRun, type SweepSpec } from '../sweep/index.ts'
import { stepsFor, trainingCost } from './calibrate.ts'
import type { LeagueSettings, MapLoss } from './settings.ts'

/** The sweep file of a league, in its folder: its problems, and the steps of every training. */
export function sweepPath(folder: string): string {
  return join(folder, 'sweep.json')
}

/** What a loss needs of the data: its score, or samples alone. */
export function needsOf(loss: MapLoss): 'score' | 'samples' {
  return losses[loss]({ solver: 'heun' }).coupled ? 'samples' : 'score'
}

/** The name of a loss with a budget among the methods of the sweep. */
export function methodName(loss: MapLoss, budget: number): string {
  return `${loss}-${budget}s`
}

/**
 * The runs of a league. How many steps fill a budget depends on the machine, so it is found once, by short trainings, and written to the sweep
 * file of the folder; what the file has already is taken from there, and the whole can be repeated from it to the same bytes.
 *
 * @throws InputError where the file is that of a league with other problems or measurements
 */
export async function leagueRuns(folder: string, run: ExperimentRun<LeagueSettings>): Promise<SweepRun[]> {
  return withFolderLock(folder, async () => {
    const path = sweepPath(folder)
    await calibrated(path, await begun(path, run), run)
    const runs = await readSweep(path)
    const { losses, budgets, problems } = run.settings
    const own = new Set(['gaussian', ...losses.flatMap((loss) => budgets.map((b) => methodName(loss, b)))])
    const names = new Set(problems.map(({ name }) => name))
    return runs
      .filter(({ method, problem }) => own.has(method) && names.has(problem))
      .sort((a, b) => Number(a.seed) - Number(b.seed))
  })
}

/** The sweep file that is there, or an empty one, with the problems that it lacks. */
async function begun(path: string, { seed, settings }: ExperimentRun<LeagueSettings>): Promise<SweepSpec> {
  const { plane, space, samples, images, fitSteps } = settings
  const seeds = Array.from({ length: settings.seeds }, (_, k) => seed + k)
  const there = await access(path).then(
    () => true,
    () => false,
  )
  const spec = there ? parseSweep(await readJson(path)) : null
  const problems: Record<string, unknown> = { ...spec?.problems }
  for (const { name, time, make } of settings.problems) {
    if (spec && (spec.samples !== samples || (spec.problems[name]?.time ?? time) !== time))
      throw new BadInput(path, 'is that of a league with other problems or samples', 'another folder')
    if (problems[name]) continue
    const { specification, dimension } = createProblem(await make({ images, fitSteps }))
    problems[name] = { problem: specification, time, ...(dimension === 2 ? plane : space) }
  }
  const methods = spec?.methods ?? { gaussian: { kind: 'gaussian' } }
  return parseSweep({ problems, methods, seeds, ...space, samples })
}

/** The file with the steps of every loss on every problem, written after each: an interruption costs one trial. */
async function calibrated(
  path: string,
  begun: SweepSpec,
  { settings, seed, signal, onProgress }: ExperimentRun<LeagueSettings>,
): Promise<void> {
  let spec = begun
  await writeFileAtomic(path, `${JSON.stringify(spec)}\n`)
  const { budgets, trial } = settings
  // all start from the map of the Gaussian: what is compared is the losses
  const training = { coarseSteps: 0, ...settings.training }
  const pairs = settings.problems.flatMap((problem) =>
    settings.losses
      .filter((loss) => !problem.samplesOnly || needsOf(loss) === 'samples')
      .map((loss) => ({ ...problem, loss })),
  )
  for (const [k, { name, time, loss }] of pairs.entries()) {
    const missing = budgets.filter((budget) => stepsIn(spec, methodName(loss, budget), name) === undefined)
    if (missing.length === 0) continue
    onProgress?.({ done: k, total: pairs.length, label: `what a step of ${loss} costs on ${name}` })
    await yieldAndCheckAbort(signal)
    const problem = parseProblem(spec.problems[name].problem)
    const cost = await trainingCost(problem, { ...training, loss, time, seed }, trial)
    const methods = { ...spec.methods }
    for (const budget of missing) {
      const method = methodName(loss, budget)
      const before = spec.methods[method]
      const steps = {
        ...(before?.kind === 'train' && typeof before.steps === 'object' ? before.steps : {}),
        [name]: stepsFor(budget, cost),
      }
      methods[method] = { kind: 'train', loss, ...training, steps, problems: Object.keys(steps) }
    }
    spec = parseSweep({ ...spec, methods })
    await writeFileAtomic(path, `${JSON.stringify(spec)}\n`)
  }
}

function stepsIn({ methods }: SweepSpec, method: string, problem: string): number | undefined {
  const found = methods[method]
  return found?.kind === 'train' && typeof found.steps === 'object' ? found.steps[problem] : undefined
}
