import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ComputationError, checkInteger, InputError } from '../src/errors.ts'
import { stepOptions } from './step-options.ts'

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** How each peer is started; the word after `=` in --peer is the Python to use. */
const peers: Readonly<Record<string, (python: string) => string[]>> = {
  torch: (python) => [python, script('peers/torch_step.py')],
  jax: (python) => [python, script('peers/jax_step.py')],
  'tfjs-wasm': () => ours('wasm'),
  tensorflow: () => ours('tensorflow'),
  simd: () => ours('simd'),
}

function ours(backend: string): string[] {
  return [process.execPath, '--import', 'tsx', script('main.ts'), 'training-step', '--backend', backend]
}

interface Timing {
  readonly best: string
  readonly median_ms: number
  readonly min_ms: number
  readonly cpu_ms: number
  readonly check: { readonly loss: number; readonly loss_float64: number }
  readonly versions: Readonly<Record<string, string>>
}

/**
 * Times our training step and those of peers in turn (ours, peer, peer, ours, …), each time in a process of its own that is bound
 * to as many cores as there are threads. A ratio is the median over the rounds of our time by the peer's in the same round, so that
 * other work on the machine weighs on both.
 */
export async function againstPeers(args: string[]): Promise<object> {
  const { values } = parseArgs({
    args,
    options: {
      ...stepOptions,
      threads: { type: 'string', default: '2' },
      backend: { type: 'string', default: 'simd' },
      rounds: { type: 'string', default: '5' },
      peer: { type: 'string', multiple: true, default: ['torch', 'jax', 'tfjs-wasm'] },
    },
  })
  const { backend, blas, rounds: roundsText, peer, ...task } = values
  const rounds = checkInteger('rounds', Number(roundsText), 1)
  const cores = checkInteger('threads', Number(task.threads), 1, availableParallelism())
  const taskArguments = Object.entries(task).flatMap(([name, value]) => [`--${name}`, value])
  const programs = new Map([[`ours, ${backend}`, [...ours(backend), ...(blas ? ['--blas'] : [])]]])
  for (const text of peer) {
    const [name, python = 'python3'] = text.split('=')
    if (!Object.hasOwn(peers, name)) throw new InputError('peer', name, Object.keys(peers).join(', '))
    programs.set(name, peers[name](python))
  }

  const timings = new Map<string, Timing[]>([...programs.keys()].map((name) => [name, []]))
  const load = [loadavg()[0]]
  for (let round = 0; round < rounds; round++) {
    for (const [name, program] of programs) {
      const timing = runBound(name, [...program, ...taskArguments], cores)
      console.error(`round ${round + 1}, ${name}: ${timing.median_ms.toFixed(2)} ms`)
      timings.get(name)?.push(timing)
    }
    load.push(loadavg()[0])
  }
  const [first, ...others] = timings
  sameLoss(timings)
  const { loss, ...counts } = task
  return {
    loss,
    ...Object.fromEntries(Object.entries(counts).map(([name, value]) => [name, Number(value)])),
    rounds,
    load,
    results: [
      summary(...first),
      ...others.map(([name, times]) => ({ ...summary(name, times), ours_by_peer: ratio(first[1], times) })),
    ],
  }
}

function runBound(name: string, command: readonly string[], cores: number): Timing {
  const bind = existsSync('/usr/bin/taskset') ? ['/usr/bin/taskset', '-c', `0-${cores - 1}`] : []
  const [file, ...rest] = [...bind, ...command]
  const { status, stdout, stderr, error } = spawnSync(file, rest, { encoding: 'utf8' })
  if (status !== 0)
    throw new ComputationError(`The step of ${name} failed: ${error?.message ?? stderr.trim()}`)
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Timing
}

/** Every program checks its float32 loss against float64; here the float64 losses have to be one number. */
function sameLoss(timings: ReadonlyMap<string, readonly Timing[]>): void {
  const [[, [reference]]] = timings
  for (const [name, [{ check }]] of timings)
    if (!(Math.abs(check.loss_float64 / reference.check.loss_float64 - 1) < 1e-9))
      throw new ComputationError(
        `The step of ${name} has the loss ${check.loss_float64}, ours ${reference.check.loss_float64}.`,
      )
}

function summary(name: string, times: readonly Timing[]) {
  const [{ best, check, versions }] = times
  const medians = times.map(({ median_ms }) => median_ms)
  return {
    name,
    best,
    median_ms: median(medians),
    min_ms: Math.min(...times.map(({ min_ms }) => min_ms)),
    cpu_ms: median(times.map(({ cpu_ms }) => cpu_ms)),
    medians_ms: medians,
    check,
    versions,
  }
}

function ratio(ours: readonly Timing[], theirs: readonly Timing[]) {
  const least = (times: readonly Timing[]) => Math.min(...times.map(({ min_ms }) => min_ms))
  return {
    median: median(ours.map(({ median_ms }, i) => median_ms / theirs[i].median_ms)),
    of_min: least(ours) / least(theirs),
    of_cpu: median(ours.map(({ cpu_ms }, i) => cpu_ms / theirs[i].cpu_ms)),
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
