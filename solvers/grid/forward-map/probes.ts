import { flow, toComoving } from '../../../src/characteristics/probability-flow.ts'
import { carriedSample } from '../../../src/metrics/carried-sample.ts'
import { allocate } from '../../../src/metrics/importance-sampling.ts'
import type { Density } from '../../../src/problem/density.ts'
import { Random } from '../../../src/random/random.ts'
import { type Mode, modesOf } from './modes.ts'

/** Trajectories whose both ends are known, to measure a table by. */
export interface Probes {
  /** Times, ascending, the last the largest. */
  readonly times: Float64Array
  /** n·d positions y(0) */
  readonly starts: Float64Array
  /** n·d positions y at each of the times */
  readonly images: readonly Float64Array[]
  /** [n] whether a probe counts by itself, see `error` */
  readonly counted: readonly boolean[]
  /** The errors of starts y(0) found for the images, in units of x. */
  distances(found: Float64Array): Float64Array
  /**
   * The error of a table, in units of x, from such distances: the larger of the weighted root mean square over all probes and the largest
   * distance of those that count one by one: within 3.5 standard deviations of a mode, or, where no modes are known, as likely under
   * p_data as under the distribution they were drawn from, apart from how often rare parts are drawn.
   */
  error(distances: Float64Array): number
  /** What a distance at probe `row` counts for in `error`: all of it where it counts by itself, its part of the mean square otherwise. */
  share(row: number): number
  readonly functionEvaluations: number
}

/** Standard deviations from a mode within which every probe counts, and within which any is taken. */
const LIKELY = 3.5
const TAIL = 6
/** How much wider than a mode the probes of its tails are drawn. */
const WIDER = 2
/** The fewest probes of each kind in a mode. */
const FEWEST = 8
/** Modes with probes at the ends of their axes. */
const MOST_ENDS = 64
/** Modes that get probes; of more, as many at equal distances in the order of their widths, the narrowest among them. */
const MOST_MODES = 512

/** Starts and how they count. */
interface Drawn {
  /** n·d positions y(0) */
  readonly starts: Float64Array
  /** [n] p_data/q */
  readonly weights: Float64Array
  /** [n] whether a probe counts by itself */
  readonly counted: readonly boolean[]
}

/** Starts with where they are at later times. */
interface Carried extends Drawn {
  readonly times: Float64Array
  readonly images: readonly Float64Array[]
  readonly functionEvaluations: number
}

/**
 * Draws probes and carries them to `time`, uniformly in θ by so many intervals. Every mode of the data has its own, however rare it is (docs/mathematics.md
 * §2.6): in it, at the ends of its axes, and in its tails, where layers of f begin. Where no modes are known, the importance sample of §5 is taken.
 */
export function probes(
  density: Density,
  time: number,
  rtol: number,
  intervals = 1,
  count = 1024,
  mostModes = MOST_MODES,
): Probes {
  const { dimension: d, moments } = density
  const random = Random.stream(0, 'the probes of a table')
  const modes = modesOf(density)
  const carried = modes
    ? carry(density, drawInModes(modes, count, random, mostModes), time, intervals, rtol)
    : carriedProposal(density, time, intervals, rtol, count, random)
  const { starts, weights, counted } = carried
  const total = weights.reduce((a, b) => a + b, 0)
  return {
    ...carried,
    share: (row) => (counted[row] ? 1 : Math.sqrt(weights[row] / total)),
    distances(found) {
      return weights.map((_, row) => {
        let square = 0
        for (let i = row * d; i < (row + 1) * d; i++) square += (found[i] - starts[i]) ** 2
        return moments.scale * Math.sqrt(square)
      })
    },
    error(distances) {
      let sum = 0
      let largest = 0
      for (const [row, distance] of distances.entries()) {
        sum += weights[row] * distance * distance
        if (counted[row]) largest = Math.max(largest, distance)
      }
      return Math.max(largest, Math.sqrt(sum / total))
    },
  }
}

function carry(density: Density, drawn: Drawn, time: number, intervals: number, rtol: number): Carried {
  const { scale } = density.moments
  const angle = Math.atan2(time, scale)
  const thetas = Float64Array.from({ length: intervals + 1 }, (_, k) => (angle * k) / intervals)
  const carrier = flow(density, { rtol })
  const images = carrier.carry(thetas, drawn.starts).slice(1)
  const times = thetas.slice(1).map((theta, k) => (k === intervals - 1 ? time : scale * Math.tan(theta)))
  return { ...drawn, times, images, functionEvaluations: carrier.functionEvaluations }
}

function carriedProposal(
  density: Density,
  time: number,
  intervals: number,
  rtol: number,
  count: number,
  random: Random,
): Carried {
  const sample = carriedSample(density, { time, count, intervals, random, rtol })
  const { x0, weights, labels, functionEvaluations } = sample
  const { strata } = density
  const shares = strata && allocate(strata)
  // points of a rare part weigh little because they are drawn often
  const likely = (row: number) => {
    const part = labels?.[row] ?? -1
    return shares && strata && part in strata.masses ? strata.masses[part] / shares[part] : 1
  }
  const times = sample.times.slice(1)
  const images = Array.from(times, (t, k) => {
    const y = new Float64Array(x0.length)
    toComoving(density, t, sample.positions[k + 1] as Float64Array, y)
    return y
  })
  const starts = new Float64Array(x0.length)
  toComoving(density, 0, x0, starts)
  return {
    starts,
    weights,
    counted: Array.from(weights, (w, row) => w >= likely(row)),
    times,
    images,
    functionEvaluations,
  }
}

/** Probes in every mode, with their weights p_data/q for the q that they are drawn from. */
export function drawInModes(
  all: readonly Mode[],
  count: number,
  random: Random,
  mostModes = MOST_MODES,
): Drawn {
  const d = all[0]?.mean.length ?? 1
  const modes = all.length > mostModes ? someModes(all, mostModes) : all
  const each = Math.max(FEWEST, Math.ceil(count / (2 * modes.length)))
  const starts: number[] = []
  const counted: boolean[] = []
  const take = (mode: Mode, z: Float64Array, own: boolean) => {
    for (let i = 0; i < d; i++) {
      let value = mode.mean[i]
      for (let j = 0; j < d; j++) value += mode.axes[i * d + j] * mode.deviations[j] * z[j]
      starts.push(value)
    }
    counted.push(own)
  }
  const z = new Float64Array(d)
  const draw = (most: number, width: number) => {
    do for (let i = 0; i < d; i++) z[i] = width * random.normal()
    while (Math.hypot(...z) > most)
    return z
  }
  for (const mode of modes)
    for (let k = 0; k < each; k++) {
      take(mode, draw(LIKELY, 1), true)
      take(mode, draw(TAIL, WIDER), false)
    }
  const drawn = counted.length
  if (modes.length <= MOST_ENDS)
    for (const mode of modes)
      for (let k = 0; k < 2 * d; k++) {
        z.fill(0)[k >> 1] = k % 2 === 0 ? LIKELY : -LIKELY
        take(mode, z, true)
      }
  const places = Float64Array.from(starts)
  const weights = new Float64Array(counted.length)
  // the ends are no sample: they count by themselves alone
  for (let row = 0; row < drawn; row++) {
    const y = places.subarray(row * d, (row + 1) * d)
    let q = 0
    for (const mode of modes)
      q += (modeDensity(mode, y, 1) + modeDensity(mode, y, WIDER)) / (2 * modes.length)
    let p = 0
    for (const mode of all) p += mode.weight * modeDensity(mode, y, 1)
    weights[row] = p / q
  }
  return { starts: places, weights, counted }
}

function someModes(all: readonly Mode[], count: number): Mode[] {
  const width = ({ deviations }: Mode) => Math.min(...deviations)
  const sorted = [...all].sort((a, b) => width(a) - width(b))
  return Array.from({ length: count }, (_, k) => sorted[Math.floor((k * all.length) / count)] as Mode)
}

/** The density of a mode, widened, at a start. */
function modeDensity({ mean, deviations, axes }: Mode, y: Float64Array, wider: number): number {
  const d = mean.length
  let squares = 0
  let volume = 1
  for (let j = 0; j < d; j++) {
    let part = 0
    for (let i = 0; i < d; i++) part += axes[i * d + j] * (y[i] - mean[i])
    squares += (part / (wider * deviations[j])) ** 2
    volume *= wider * deviations[j] * Math.sqrt(2 * Math.PI)
  }
  return Math.exp(-squares / 2) / volume
}
