import type { Certificate } from '../certificate/certificate.ts'
import { checkInteger, InputError } from '../errors.ts'
import { type Figure, figures } from '../figures/index.ts'
import { type AnyMap, checkMap, valuesOf } from '../metrics/any-map.ts'
import { carriedBack, drawNoised } from '../metrics/carried-sample.ts'
import type { Problem } from '../problem/problem.ts'
import { checkTime, ownPoints, refuseReduction, veTime } from '../problem/process.ts'
import { Random } from '../random/random.ts'

/** Trajectories from T to 0 that start from p_T: each path is row-major, one row a time. Times and places are those of the VE process. */
export interface Paths {
  readonly times: Float64Array
  readonly paths: readonly Float64Array[]
}

/** @param time of the problem's own process */
export function drawPaths(
  { density, dimension: d, process }: Problem,
  time: number,
  {
    count,
    intervals,
    random,
  }: { readonly count: number; readonly intervals: number; readonly random: Random },
): Paths {
  const ve = veTime(process, time)
  const { times, positions } = carriedBack(
    density,
    ve,
    drawNoised(density, ve, count, random),
    intervals,
    1e-6,
  )
  const down = Array.from(times.keys()).reverse()
  return {
    times: Float64Array.from(down, (k) => times[k]),
    paths: Array.from({ length: count }, (_, row) =>
      Float64Array.from(down.flatMap((k) => Array.from(positions[k].subarray(row * d, (row + 1) * d)))),
    ),
  }
}

const ANGLE = 'θ = arctan(t/c) (rad)'

/** Paths in comoving coordinates, which keep the noise and the data on one page. @param axes names of the two coordinates, without unit */
export function pathsFigure(
  { density, dimension }: Problem,
  { times, paths }: Paths,
  axes: readonly string[],
): Figure {
  const { mean, scale } = density.moments
  return figures.trajectories({
    title: 'Trajectories of the probability-flow ODE from noise to data',
    dimension,
    times: times.map((t) => Math.atan2(t, scale)),
    paths: paths.map((path) =>
      path.map(
        (value, i) => (value - mean[i % dimension]) / Math.hypot(times[Math.floor(i / dimension)], scale),
      ),
    ),
    timeLabel: ANGLE,
    axes: dimension === 1 ? ['y = (x − μ)/r'] : axes.map((axis) => `(${axis} − mean)/r`),
  })
}

export interface TrajectoriesFigureOptions {
  /** T: where the trajectories start, a time of the problem's own process. */
  readonly time: number
  /** How many. Default 60. */
  readonly count?: number
  /** Default 0. */
  readonly seed?: number
}

/**
 * Trajectories of the probability-flow ODE from points of p_T to data: over time for data on a line, else the first two coordinates. Drawn
 * is (x − μ)/r with r = √(t² + c²), in the VE process that every linear one reduces to.
 *
 * @throws InputError for a time outside the process, or a drift that is not linear
 */
export function trajectoriesFigure(problem: Problem, options: TrajectoriesFigureOptions): Figure {
  const { time, count = 60, seed = 0 } = options
  checkTime(problem, 'time', time, true)
  checkInteger('count', count, 1, 1000)
  if (problem.law) refuseReduction()
  const random = Random.stream(seed, 'paths')
  return pathsFigure(problem, drawPaths(problem, time, { count, intervals: 64, random }), ['x₁', 'x₂'])
}

export interface MapFigureOptions {
  /** T of the problem's own process. */
  readonly time: number
  /** The ends of the places x that are drawn. Default: three standard deviations of p_T on either side of its mean. */
  readonly x?: readonly [number, number]
}

/** Places at which maps are drawn. */
const PLACES = 401
const WIDTH = 3

/**
 * f(T, ·) of maps of data on a line.
 *
 * @param maps by the name that each has in the legend: what `solve` gives, or any function of t and points of shape [n, 1]
 * @throws InputError for data in more dimensions, a time outside the process, or ends that do not rise
 * @example
 * mapFigure(problem, { truth: await solve(problem, exact(), { time }), network }, { time })
 */
export async function mapFigure(
  problem: Problem,
  maps: Readonly<Record<string, AnyMap>>,
  options: MapFigureOptions,
): Promise<Figure> {
  const { density, dimension, process } = problem
  const time = checkTime(problem, 'time', options.time, true)
  if (dimension !== 1) throw new InputError('the dimension', dimension, '1: a map is drawn over a line')
  const [from, to] = options.x ?? widest()
  if (!(Number.isFinite(from) && Number.isFinite(to) && from < to))
    throw new InputError('x', options.x, 'two finite ends, the smaller one first')
  const x = Float64Array.from({ length: PLACES }, (_, i) => from + ((to - from) * i) / (PLACES - 1))
  const lines = []
  for (const [label, map] of Object.entries(maps)) {
    checkMap(map, problem)
    lines.push({ label, x, y: await valuesOf(map, problem, time, x) })
  }
  return figures.linePanels({
    name: 'map',
    title: 'Where noise comes from, f(T, x)',
    caption: 'The map at T of each of those in the legend.',
    panels: [{ title: `T = ${time}`, x: { label: 'x' }, y: { label: 'f(T, x)' }, lines }],
  })

  function widest(): readonly [number, number] {
    if (problem.law) refuseReduction()
    const { mean, scale } = density.moments
    const r = WIDTH * Math.hypot(veTime(process, time), scale)
    const [low, high] = ownPoints(process, time, Float64Array.of(mean[0] - r, mean[0] + r))
    return [low, high]
  }
}

/**
 * When networks break the transport equation: their residual by time, whose integral is the certificate, and the share of it gathered so far.
 *
 * @param certificates what `certify` gives, by the name that each has in the legend
 */
export function certificateFigure(
  certificates: Readonly<Record<string, Pick<Certificate, 'estimate' | 'byTime'>>>,
): Figure {
  return residualFigure(Object.entries(certificates).map(([label, certificate]) => ({ label, certificate })))
}

/** The same of a list. */
export function residualFigure(
  networks: readonly {
    readonly label: string
    readonly certificate: Pick<Certificate, 'estimate' | 'byTime'>
  }[],
): Figure {
  return figures.certificateByTime({
    title: 'When each network breaks the transport equation',
    timeLabel: ANGLE,
    residualLabel: 'relative residual per radian',
    networks: networks.map(({ label, certificate: { byTime, estimate } }) => ({
      label,
      time: byTime.map(({ theta }) => theta),
      residual: byTime.map(({ density }) => density),
      certificate: estimate,
    })),
  })
}

/** What `trainModel` gives, as far as it is drawn. */
export interface TrainingRun {
  readonly curve: readonly { readonly step: number; readonly loss: number }[]
  readonly monitor: {
    readonly points: readonly { readonly step: number; readonly error: number }[]
  } | null
}

/**
 * Loss and, where it was measured, the true error against training steps.
 *
 * @param trainings what `trainModel` gives, by the name that each has in the legend
 */
export function trainingFigure(trainings: Readonly<Record<string, TrainingRun>>): Figure {
  return figures.trainingCurve({
    title: 'Training: loss and true error',
    errorLabel: 'relative error at T',
    networks: Object.entries(trainings).map(([label, { curve, monitor }]) => ({
      label,
      step: curve.map(({ step }) => step),
      loss: curve.map(({ loss }) => loss),
      ...(monitor && {
        error: {
          step: monitor.points.map(({ step }) => step),
          value: monitor.points.map(({ error }) => error),
        },
      }),
    })),
  })
}
