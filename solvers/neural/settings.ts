import type { BackendName } from '../../src/backend/index.ts'
import { checkInteger, checkNumber, InputError } from '../../src/errors.ts'
import { allocate, hasProposal } from '../../src/metrics/importance-sampling.ts'
import { TIME_FEATURES } from '../../src/nn/architecture.ts'
import { isFull } from '../../src/nn/coarse-flow.ts'
import { type ArchitectureKind, architectureKinds } from '../../src/nn/networks.ts'
import { optimisers } from '../../src/nn/optimisers/index.ts'
import { componentsOf } from '../../src/problem/densities/structure.ts'
import type { Density } from '../../src/problem/density.ts'
import { type Loss, type LossName, losses, lossNames, type StepSolver, stepSolvers } from './losses/index.ts'
import { type MetricChoice, type MetricName, metricNames, metrics } from './metrics.ts'

/** How training points are chosen: from trajectories of importance sampling, or anew for every batch. */
export type PointChoice = 'flow' | 'fresh'

export type TargetChoice = 'stop-gradient' | 'ema'

const targetChoices: readonly TargetChoice[] = ['stop-gradient', 'ema']

export interface TrainingOptions {
  /** Training steps; default 12,000. */
  readonly steps?: number
  /** Points a step; default 1024 in 1-D, 256 above 64 dimensions, else 512. */
  readonly batch?: number
  /** Default mlp up to 64 dimensions, film above. */
  readonly network?: ArchitectureKind
  /** Units a layer; default 128 up to 4 dimensions and with coarse steps, 256 up to 64, 512 above. */
  readonly width?: number
  /** Hidden layers; default 4, 1 for film, 3 with coarse steps. */
  readonly layers?: number
  /**
   * Units a coordinate of the additive part (docs/losses.md, high dimension), a multiple of 4, or 0 for none; default 16 for
   * `pinn` from 4 dimensions on, 8 above 64, else 0.
   */
  readonly units?: number
  /**
   * Steps of a coarse solution of the flow that the network corrects, up to 64, for mixtures of Gaussians with covariances (docs/mathematics.md
   * §7.5); 0 for none. Default for `direct` on such mixtures from 4 dimensions on: up to 4, as many as are cheap beside a dense network; else 0.
   */
  readonly coarseSteps?: number
  /** Default soap. */
  readonly optimiser?: string
  /** The largest learning rate; default 3e-3 up to 7 dimensions but 1.5e-3 for cd up to 3, 2e-3 above but 5e-3 for pinn above 64, 1e-3 for maps with a noisy target (ct). */
  readonly rate?: number
  /** Times of the discrete losses, θ_n = n θ_T/N; default 64. */
  readonly intervals?: number
  /** The backward step of `cd`: of Euler, of Heun, or along the flow itself (exact); default heun. */
  readonly solver?: StepSolver
  /**
   * What `cd`, `ct`, `ict` and `ect` compare the network with at the earlier time: itself, held fixed (stop-gradient), or a moving average
   * of its weights (ema). Default stop-gradient.
   */
  readonly target?: TargetChoice
  /** The decay of that average a step, from 0 (which is stop-gradient) to 1; default 0.99. */
  readonly targetDecay?: number
  /**
   * How the size of a residual counts; default l2, except for presets that are made with another. Where the target of the
   * loss is noisy, any other than l2 targets another map (docs/mathematics.md §4.3), and the trained map says so.
   */
  readonly metric?: MetricName
  /** The constant c of a metric, relative to √tr Cov(p_data); default by metric. */
  readonly metricScale?: number
  /** The power p of the metric `adaptive`; default 0.75. */
  readonly metricPower?: number
  /** Default flow up to 3 dimensions, 7 where the data has rare parts that are raised, where the loss and the data allow it, and for losses that regress on trajectories. */
  readonly points?: PointChoice
  /** Default auto. */
  readonly backend?: BackendName | 'auto'
  /** Threads of the simd backend; default 1. */
  readonly threads?: number
}

/** Options with every default filled in: with the seed, the problem and the backend they fix the result. */
export type TrainingSettings = Required<TrainingOptions> & { readonly loss: LossName }

/**
 * Fills in the defaults of docs/mathematics.md §7 for a density.
 *
 * @param taught whether the flow of a teacher is learned in place of that of the density
 * @throws InputError for an unknown name, a number out of its range, or data that the loss or the points cannot use
 */
export function trainingSettings(
  name: string,
  density: Density,
  options: TrainingOptions = {},
  taught = false,
): TrainingSettings {
  const { dimension } = density
  const loss = oneOf('loss', name, lossNames)
  const solver = oneOf('solver', options.solver ?? 'heun', stepSolvers)
  const made: Loss = losses[loss]({ solver })
  const { coupled, partner, movingTarget } = made
  const target = oneOf('target', options.target ?? 'stop-gradient', targetChoices)
  if (target === 'ema' && !movingTarget)
    throw new InputError(
      'target',
      target,
      `stop-gradient: the loss ${loss} is no comparison with an earlier network`,
    )
  if (coupled && !density.sample)
    throw new InputError('loss', loss, `a loss that needs no samples: ${density.kind} data has a score only`)
  const flowAllowed = !coupled && canCarry(density)
  if (partner && !flowAllowed)
    throw new InputError(
      'loss',
      loss,
      `a loss without trajectories: those of ${density.kind} data cannot be carried`,
    )
  // a rare part far away: what lies around and between the parts is in no fresh point (docs/mathematics.md §7.3)
  const raised = density.strata !== undefined && allocate(density.strata) !== null
  const carried = dimension <= (raised ? 7 : 3)
  const flow = partner !== undefined || (flowAllowed && hasProposal(density) && carried)
  const points = oneOf('points', options.points ?? (flow ? 'flow' : 'fresh'), ['flow', 'fresh'])
  if (points === 'fresh' && partner)
    throw new InputError('points', points, `flow: the loss ${loss} regresses on trajectories`)
  if (points === 'flow' && !flowAllowed)
    throw new InputError(
      'points',
      points,
      `fresh: the loss ${loss} or this data cannot use stored trajectories`,
    )
  const network = oneOf('network', options.network ?? (dimension > 64 ? 'film' : 'mlp'), architectureKinds)
  const coarseSteps = coarseStepsOf(made, density, options, taught)
  if (coarseSteps > 0 && network !== 'mlp')
    throw new InputError('network', network, 'mlp: with coarse steps it only chooses between components')
  const units = coarseSteps > 0 && options.units === undefined ? 0 : unitsOf(made, dimension, options.units)
  if (coarseSteps > 0 && units > 0)
    throw new InputError('units', units, '0: the additive part is not made for coarse steps')
  const width = network === 'film' ? 512 : dimension > 4 && coarseSteps === 0 ? 256 : 128
  return {
    loss,
    steps: checkInteger('steps', options.steps ?? 12_000, 1),
    batch: checkInteger('batch', options.batch ?? defaultBatch(dimension), 1, 2 ** 20),
    network,
    width: checkInteger('width', options.width ?? width, 1, 2 ** 14),
    layers: checkInteger(
      'layers',
      options.layers ?? (network === 'film' ? 1 : coarseSteps > 0 ? 3 : 4),
      1,
      64,
    ),
    units,
    coarseSteps,
    optimiser: oneOf('optimiser', options.optimiser ?? 'soap', Object.keys(optimisers)),
    rate: checkNumber(
      'rate',
      options.rate ?? (coupled && !made.learns ? 1e-3 : largestRate(dimension, made)),
      0,
      1,
      true,
    ),
    intervals: checkInteger('intervals', options.intervals ?? 64, 1, 2 ** 16),
    solver,
    target,
    targetDecay: checkNumber('targetDecay', options.targetDecay ?? 0.99, 0, 1),
    ...metricChoice(made, options),
    points,
    backend: oneOf('backend', options.backend ?? 'auto', ['auto', 'tensorflow', 'simd', 'cpu']),
    threads: checkInteger('threads', options.threads ?? 1, 1, 1024),
  }
}

function defaultBatch(dimension: number): number {
  // small networks: twice the points make a step half as long again, and both errors fall by a third (docs/losses.md)
  if (dimension === 1) return 1024
  return dimension > 64 ? 256 : 512
}

function largestRate(dimension: number, { name }: Loss): number {
  // its target moves with the network: 4e-3 ended five times worse than 1.5e-3 after 12,000 steps in 2-D (docs/losses.md)
  if (dimension <= 3 && name === 'cd') return 1.5e-3
  if (dimension <= 7) return 3e-3
  return dimension > 64 && name === 'pinn' ? 5e-3 : 2e-3
}

function unitsOf(loss: Loss, dimension: number, given?: number): number {
  // by measurement in 16 and 128 dimensions (docs/losses.md)
  const additive = dimension > 64 ? 8 : 16
  const units = checkInteger(
    'units',
    given ?? (dimension >= 4 && loss.name === 'pinn' ? additive : 0),
    0,
    256,
  )
  if (units % 4 !== 0) throw new InputError('units', units, 'a multiple of 4')
  return units
}

// at most as many evaluations of all components as take this many times the operations of a dense network alone
const COARSE_SHARE = 2
const MOST_COARSE_STEPS = 4

/**
 * The coarse steps asked for or, where it was measured that they pay (docs/losses.md, high dimension), as many as are cheap beside a dense
 * network: for `direct` on a Gaussian mixture from 4 dimensions on.
 */
function coarseStepsOf(loss: Loss, density: Density, options: TrainingOptions, taught: boolean): number {
  const { coarseSteps: given, network, units } = options
  const known = taught ? undefined : componentsOf(density)
  const mapped = !loss.learns && !loss.times
  if (given !== undefined) {
    const steps = checkInteger('coarseSteps', given, 0, 64)
    if (steps === 0) return 0
    if (!mapped)
      throw new InputError('coarseSteps', steps, `0: the loss ${loss.name} trains no map of one time`)
    if (taught)
      throw new InputError('coarseSteps', steps, '0: the flow of a teacher is not that of a mixture')
    if (!known)
      throw new InputError(
        'coarseSteps',
        steps,
        `0: only mixtures of Gaussians given by stds or covariances, not by factors, have coarse steps; this is ${density.kind} data`,
      )
    return steps
  }
  const { dimension: d } = density
  if (loss.name !== 'direct' || !known || known.weights.length < 2 || d < 4) return 0
  if ((network ?? 'mlp') !== 'mlp' || units !== undefined || !isFull(known, density.moments.scale)) return 0
  const dense = 256 * (d + TIME_FEATURES) + 3 * 256 ** 2 + 256 * d
  const evaluation = 2 * known.weights.length * d ** 2
  // two evaluations a step and one for the last
  const affordable = Math.floor(((COARSE_SHARE * dense) / evaluation - 1) / 2)
  return Math.max(0, Math.min(MOST_COARSE_STEPS, affordable))
}

function metricChoice(loss: Loss, options: TrainingOptions): MetricChoice {
  const metric = oneOf('metric', options.metric ?? loss.metric ?? 'l2', metricNames)
  const { scale } = metrics[metric]
  return {
    metric,
    metricScale: checkNumber('metricScale', options.metricScale ?? scale, 0, 1e6, scale > 0),
    metricPower: checkNumber('metricPower', options.metricPower ?? 0.75, 0, 1),
  }
}

function oneOf<T extends string>(parameter: string, value: string, names: readonly T[]): T {
  const found = names.find((name) => name === value)
  if (found === undefined) throw new InputError(parameter, value, `one of ${names.join(', ')}`)
  return found
}

/** Whether the training points of a density can be carried by its flow: samples must have one, spread in every direction. */
function canCarry(density: Density): boolean {
  const { eigenvalues } = density.moments
  return (
    density.sample !== undefined &&
    !density.atomic &&
    Math.min(...eigenvalues) > 1e-12 * Math.max(...eigenvalues)
  )
}
