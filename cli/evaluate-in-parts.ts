import type { ConsistencyFunction, Method } from '../src/consistency-function.ts'
import { ComputationError } from '../src/errors.ts'
import { timeInJson } from '../src/io/json.ts'
import type { PointSource } from '../src/io/point-sources.ts'
import { createPoints, type PointSink } from '../src/io/points-files.ts'
import { openPool, type Pool } from '../src/parallel/pool.ts'
import { type Points, points, rowMajor } from '../src/points/points.ts'
import type { Problem } from '../src/problem/problem.ts'
import type { Progress } from '../src/progress.ts'
import { solve } from '../src/solve.ts'
import { yieldAndCheckAbort } from '../src/yield-and-check-abort.ts'
import { type EvaluateTask, evaluatePart, type PartResult } from './evaluate-worker.ts'
import type { Io } from './io.ts'
import { progressBar } from './io.ts'
import type { SharedOptions } from './options.ts'

interface ImageOptions extends SharedOptions {
  readonly time: number
  readonly out: string
  /** The folder of a trained model, where that is the method: what its training took is not counted. */
  readonly model?: string | undefined
  /** How to make f in another thread, for methods that can use some. */
  readonly task?: EvaluateTask
}

/**
 * Computes f(T, X) by a method, writes it to a point file and prints what it took. `seconds` holds the time of reading and
 * writing too where that is done part by part.
 *
 * @throws ComputationError when a value is not finite; nothing is written then
 */
export async function writeImages(
  problem: Problem,
  method: Method,
  source: PointSource,
  options: ImageOptions,
  io: Io,
) {
  const { time, out, seed, threads, task } = options
  const { dimension } = source
  const bar = progressBar()
  const sink = createPoints(out, dimension)
  try {
    const start = performance.now()
    const run = { onProgress: bar.update, ...(io.signal && { signal: io.signal }) }
    const f = await solve(problem, method, { time, seed, ...run })
    const training = options.model === undefined ? 0 : f.info.functionEvaluations
    const parts = { ...run, threads, ...(task && { task }) }
    const { count, elsewhere } = await evaluateInParts(f, time, source, sink, parts)
    const seconds = (performance.now() - start) / 1000
    await sink.finish()
    bar.stop()
    const { method: name, options: used, version } = f.info
    const functionEvaluations = f.info.functionEvaluations + elsewhere - training
    const { diagnostics, warnings = [] } = f.ve
    for (const warning of warnings) io.stderr(`${warning}\n`)
    const result = {
      method: name,
      time: timeInJson(time),
      count,
      dimension,
      seconds,
      functionEvaluations,
      options: used,
      seed,
      version,
      ...(diagnostics !== undefined && { diagnostics }),
    }
    io.stdout(
      options.json
        ? `${JSON.stringify(result)}\n`
        : `${name}: ${count} points of dimension ${dimension} at time ${time} in ${seconds.toPrecision(3)} s, ` +
            `${functionEvaluations} evaluations of the score. Written to ${out}\n`,
    )
  } finally {
    bar.stop()
    await sink.discard()
  }
}

// short enough to hear a signal within a second or two, long enough for methods that work on blocks of similar rows
const VALUES_A_PART = 2 ** 15
const FEWEST_ROWS = 2048
// worker threads take about this long to start
const WORTH_THREADS = 0.5
const PARTS_A_THREAD = 2

interface PartsRun {
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
  /** Threads, and how to make f in another one; without it all is done here. */
  readonly threads: number
  readonly task?: EvaluateTask
}

/** What an evaluation in parts came to. */
interface Total {
  readonly count: number
  /** Evaluations of the score in other threads. */
  readonly elsewhere: number
}

/**
 * f(t, X) from a source to a sink, part by part, so that a signal is heard and progress seen between the parts, and a file of
 * any size needs little memory. Where more than a moment's work is left after the first part, the others go to worker
 * threads. The parts, and so the results, are the same for any number of threads.
 *
 * @throws the reason of the signal when it is aborted
 * @throws ComputationError after the first part in which a row fails or is not finite
 */
async function evaluateInParts(
  f: ConsistencyFunction,
  t: number,
  source: PointSource,
  sink: PointSink,
  run: PartsRun,
): Promise<Total> {
  const { dimension } = f
  const { threads, task, signal } = run
  let done = 0
  let elsewhere = 0
  let pool: Pool | null = null
  const pending: Promise<PartResult>[] = []

  const accept = async (result: PartResult) => {
    check(result, done, dimension)
    await sink.write(points(result.values, dimension))
    done += result.count
    run.onProgress?.({ done, total: Math.max(done, source.rows()), label: 'points' })
    await yieldAndCheckAbort(signal)
  }
  const send = (to: Pool, X: Points) => {
    const x = rowMajor(X).slice()
    const result = to.run<PartResult>({ t, x, dimension }, [x.buffer])
    // seen when its turn comes
    result.catch(() => {})
    pending.push(result)
  }
  const receive = async () => {
    const result = await (pending.shift() as Promise<PartResult>)
    elsewhere += result.evaluations
    await accept(result)
  }

  try {
    const start = performance.now()
    for await (const X of source.parts(Math.max(FEWEST_ROWS, Math.floor(VALUES_A_PART / dimension)))) {
      if (pool === null) {
        await accept(evaluatePart(f, t, X))
        const seconds = (performance.now() - start) / 1000
        const left = (seconds * (source.rows() - done)) / done
        if (threads > 1 && task !== undefined && left > WORTH_THREADS)
          pool = await openPool({ worker: WORKER, threads, shared: task, signal })
        continue
      }
      send(pool, X)
      if (pending.length >= threads * PARTS_A_THREAD) await receive()
    }
    while (pending.length > 0) await receive()
    return { count: done, elsewhere }
  } catch (error) {
    // a pool that was stopped rejects its tasks with an error of its own
    signal?.throwIfAborted()
    throw error
  } finally {
    await pool?.close()
  }
}

const WORKER = new URL('./evaluate-worker.ts', import.meta.url)

function check({ message, finished, count, values }: PartResult, done: number, dimension: number): void {
  if (message !== null)
    throw new ComputationError(
      `${done + finished} of ${done + count} rows were finished; in the first of the others ${message}`,
    )
  const bad = values.findIndex((value) => !Number.isFinite(value))
  if (bad < 0) return
  const place = `row ${done + Math.floor(bad / dimension) + 1}, column ${(bad % dimension) + 1}`
  throw new ComputationError(
    `The result is ${values[bad]} in ${place}; try another method or points nearer to the data.`,
  )
}
