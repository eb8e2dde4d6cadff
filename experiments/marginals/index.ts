import { sde } from '../../solvers/sde/index.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { LineCdf } from '../../src/exact/line-cdf.ts'
import { kolmogorovSmirnov, type LawTest } from '../../src/metrics/kolmogorov-smirnov.ts'
import { maximumMeanDiscrepancy } from '../../src/metrics/maximum-mean-discrepancy.ts'
import { type Points, points, rowMajor } from '../../src/points/points.ts'
import { logDensity, sampleNoised } from '../../src/problem/evaluate.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'
import type { ProblemRecord } from '../../src/specification/problem.ts'
import { version } from '../../src/version.ts'
import { yieldAndCheckAbort } from '../../src/yield-and-check-abort.ts'
import type { ExperimentRun } from '../experiment.ts'
import { type MarginalSettings, problems } from './settings.ts'
import { slips } from './slips.ts'

// a p-value below this counts as a difference: with some 40 tests a false one in 25 runs
const LEVEL = 1e-3
// the smallest p-value is 1/1001, just below the level
const PERMUTATIONS = 1000
const CURVE = 161
const BINS = 33

/** One law at one time, tested against p_t. */
interface MarginalRow extends LawTest {
  readonly law: string
  readonly time: number
  readonly agrees: boolean
  /** Whether theory says that it agrees. */
  readonly expected: boolean
}

/** Densities of the line for the figure: p_t, and histograms of the laws. */
interface MarginalCurves {
  readonly time: number
  readonly x: readonly number[]
  readonly density: readonly number[]
  /** Of the bins of the histograms. */
  readonly centres: readonly number[]
  readonly laws: readonly {
    readonly law: string
    readonly expected: boolean
    readonly density: readonly number[]
  }[]
}

export interface MarginalStudy {
  readonly name: string
  readonly problem: ProblemRecord
  readonly time: number
  readonly test: 'Kolmogorov–Smirnov' | 'maximum mean discrepancy'
  readonly samples: number
  readonly rows: readonly MarginalRow[]
  readonly curves: MarginalCurves | null
}

export interface MarginalResults {
  readonly seed: number
  readonly version: string
  readonly steps: number
  readonly level: number
  /** Whether every law agrees or differs as theory says. */
  readonly asExpected: boolean
  readonly studies: readonly MarginalStudy[]
}

interface MarginalOptions extends Omit<ExperimentRun<MarginalSettings>, 'threads'> {
  /** With `time`, in place of the three problems of the experiment. */
  readonly problem?: Problem
  readonly time?: number
}

/**
 * The laws at time t of the forward SDE from 0, and of the reverse SDE and the probability-flow ODE from T, against p_t
 * (docs/mathematics.md §1.1), and for the VE process those of the note's slips left uncorrected (§1.5). A
 * Kolmogorov–Smirnov test on the line, maximum mean discrepancy in more dimensions.
 */
export async function marginals(options: MarginalOptions): Promise<MarginalResults> {
  const { seed, settings, onProgress, signal } = options
  const chosen = options.problem
    ? [{ name: 'the problem', problem: options.problem, time: options.time ?? 1 }]
    : problems.map((one) => ({ ...one, problem: createProblem(one.problem) }))
  const studies: MarginalStudy[] = []
  for (const { name, problem, time } of chosen) {
    onProgress?.({ done: studies.length, total: chosen.length, label: name })
    await yieldAndCheckAbort(signal)
    studies.push(await study(name, problem, time, options))
  }
  return {
    seed,
    version,
    steps: settings.steps,
    level: LEVEL,
    asExpected: studies.every(({ rows }) => rows.every(({ agrees, expected }) => agrees === expected)),
    studies,
  }
}

async function study(
  name: string,
  problem: Problem,
  T: number,
  { seed, settings, signal }: MarginalOptions,
): Promise<MarginalStudy> {
  const { steps } = settings
  const line = problem.dimension === 1
  const count = settings.samples[line ? 0 : 1]
  const f = await solve(problem, rungeKutta({ rtol: 1e-8, atol: 1e-10 }), {
    time: T,
    signal,
  })
  const start = exactSample(problem, T, count, seed, steps)
  const rows: MarginalRow[] = []
  let curves: MarginalCurves | null = null
  for (const part of settings.times) {
    await yieldAndCheckAbort(signal)
    const t = part * T
    const test = line ? onLine(problem, t) : inSpace(problem, t, count, seed, steps)
    const laws: { law: string; expected: boolean; X: Points }[] = [
      ...(t > 0
        ? [
            {
              law: 'forward SDE',
              expected: true,
              X: sde.forward(problem, { time: t, steps, count, seed: seed + 1 }),
            },
          ]
        : []),
      {
        law: 'reverse SDE',
        expected: true,
        X: sde.reverse(problem, { time: T, from: t, steps, start, seed: seed + 2 }),
      },
      { law: 'probability-flow ODE', expected: true, X: f.flow?.evaluate(T, t, start) ?? start },
      ...(problem.process.kind === 've' && t > 0
        ? Object.entries(slips).map(([law, slip]) => ({
            law,
            expected: false,
            X: slip(problem, f, T, t, start),
          }))
        : []),
    ]
    for (const { law, expected, X } of laws) {
      const found = test(X)
      await yieldAndCheckAbort(signal)
      rows.push({ law, time: t, ...found, agrees: found.pValue >= LEVEL, expected })
    }
    if (line && t > 0 && !curves) curves = densities(problem, t, laws)
  }
  return {
    name,
    problem: problem.specification,
    time: T,
    test: line ? 'Kolmogorov–Smirnov' : 'maximum mean discrepancy',
    samples: count,
    rows,
    curves,
  }
}

/** Samples of p_t: exact where the process is linear, by fine paths where it is not. */
function exactSample(problem: Problem, t: number, count: number, seed: number, steps: number): Points {
  if (!problem.law) return sampleNoised(problem, t, count, Random.stream(seed, `sample of p at ${t}`))
  return sde.forward(problem, { time: t, steps: 4 * steps, count, seed: seed + 3 })
}

function onLine(problem: Problem, t: number): (X: Points) => LawTest {
  const [low, high] = interval(problem, t)
  const cdf = new LineCdf((x, out) => out.set(logDensity(problem, t, points(x.slice(), 1))), low, high, 1024)
  return (X) => kolmogorovSmirnov(rowMajor(X), (x) => cdf.probability(x, 0))
}

function inSpace(
  problem: Problem,
  t: number,
  count: number,
  seed: number,
  steps: number,
): (X: Points) => LawTest {
  const reference = exactSample(problem, t, count, seed + 4, steps)
  return (X) =>
    maximumMeanDiscrepancy(X, reference, {
      random: Random.stream(seed, 'permutations'),
      permutations: PERMUTATIONS,
    })
}

/** Where p_t is on the line. */
function interval({ density, process, law }: Problem, t: number): readonly [number, number] {
  if (law?.box) return law.box[0]
  const alpha = process.alpha(t)
  const deviation = Math.hypot(alpha * density.moments.scale, process.sigma(t))
  const middle = alpha * density.moments.mean[0] + (process.mean?.(t) ?? 0)
  return [middle - 12 * deviation, middle + 12 * deviation]
}

function densities(
  problem: Problem,
  t: number,
  laws: readonly { law: string; expected: boolean; X: Points }[],
): MarginalCurves {
  const all = rowMajor(laws[0].X).slice().sort()
  const [low, high] = [all[0], all[all.length - 1]]
  const places = (count: number) =>
    Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1))
  const x = places(CURVE)
  const width = (high - low) / (BINS - 1)
  return {
    time: t,
    x,
    density: Array.from(logDensity(problem, t, points(Float64Array.from(x), 1)), Math.exp),
    centres: places(BINS),
    laws: laws.map(({ law, expected, X }) => {
      const values = rowMajor(X)
      const counts = new Array<number>(BINS).fill(0)
      for (const value of values) {
        const bin = Math.round((value - low) / width)
        if (bin >= 0 && bin < BINS) counts[bin]++
      }
      return { law, expected, density: counts.map((n) => n / (values.length * width)) }
    }),
  }
}
