import { InputError } from '../../src/errors.ts'
import { defaultFormulas, type ProcessChoice, processKinds, processOf, timeLimits } from './process.ts'
import { defaultState, type Launch, limits, type Mode, methodNames, type State } from './state.ts'

/** The state as the hash of an address: modes are weight:mean:std, launches t:x; the process is VE unless named. */
export function toHash({ process, modes, time, method, intervals, launches }: State): string {
  const parts = [
    ...processParts(process),
    `modes=${modes.map(({ weight, mean, std }) => `${short(weight)}:${short(mean)}:${short(std)}`).join(',')}`,
    `T=${short(time)}`,
    `method=${method}`,
    `N=${intervals}`,
  ]
  if (launches.length > 0)
    parts.push(`launch=${launches.map(({ time: t, x }) => `${short(t)}:${short(x)}`).join(',')}`)
  return `#${parts.join('&')}`
}

/** The state of a hash. What is missing or makes no sense takes its default; numbers out of range the nearest limit. */
export function fromHash(hash: string): State {
  const given = new URLSearchParams(hash.replace(/^#/, ''))
  const process = processGiven(given)
  const { range, start } = timeLimits(process.kind)
  const asked = Number(given.get('T') || Number.NaN)
  const time = process.kind === 've' && asked === Infinity ? asked : within(asked, range, start)
  const name = methodNames.find((method) => method === given.get('method'))
  const exponent = Math.round(Math.log2(Number(given.get('N') || Number.NaN)))
  return {
    process,
    modes: modesOf(given.get('modes')),
    time,
    method: name ?? defaultState.method,
    intervals: 2 ** within(exponent, limits.exponent, Math.log2(defaultState.intervals)),
    launches: launchesOf(given.get('launch'), time),
  }
}

function processParts(process: ProcessChoice): string[] {
  if (process.kind === defaultState.process.kind) return []
  const formulas =
    process.kind === 'interpolant'
      ? (['alpha', 'sigma'] as const).map((key) => `${key}=${encodeURIComponent(process[key])}`)
      : []
  return [`process=${process.kind}`, ...formulas]
}

/** Formulas that are no process take their defaults, both. */
function processGiven(given: URLSearchParams): ProcessChoice {
  const kind = processKinds.find((one) => one === given.get('process')) ?? defaultState.process.kind
  if (kind !== 'interpolant') return { kind }
  const choice = {
    kind,
    alpha: given.get('alpha') ?? defaultFormulas.alpha,
    sigma: given.get('sigma') ?? defaultFormulas.sigma,
  }
  try {
    processOf(choice)
    return choice
  } catch (error) {
    if (error instanceof InputError) return { kind, ...defaultFormulas }
    throw error
  }
}

function modesOf(text: string | null): readonly Mode[] {
  const rows = numberRows(text, 3)
  if (rows.length < limits.modes[0]) return defaultState.modes
  return rows.slice(0, limits.modes[1]).map(([weight, mean, std]) => ({
    weight: within(weight, limits.weight, 0.5),
    mean: within(mean, limits.mean, 0),
    std: within(std, limits.std, 0.25),
  }))
}

function launchesOf(text: string | null, time: number): readonly Launch[] {
  return numberRows(text, 2)
    .slice(0, limits.launches[1])
    .map(([t, x]) => ({ time: within(t, [0, time], time), x: within(x, [-1e4, 1e4], 0) }))
}

/** "1:2,3:4" as rows of `count` numbers; rows of another length are left out. */
function numberRows(text: string | null, count: number): number[][] {
  if (text === null || text === '') return []
  return text
    .split(',')
    .map((row) => row.split(':').map((part) => (part.trim() === '' ? Number.NaN : Number(part))))
    .filter((row) => row.length === count && !row.some(Number.isNaN))
}

function within(value: number, [low, high]: readonly [number, number], otherwise: number): number {
  return Number.isNaN(value) ? otherwise : Math.min(high, Math.max(low, value))
}

/** Five digits: what a slider or a click means. */
function short(value: number): string {
  return String(Number(value.toPrecision(5)))
}
