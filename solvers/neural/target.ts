import { type Loss, losses, lossNames, stepSolvers } from './losses/index.ts'
import { type MetricName, metricNames, metrics } from './metrics.ts'

/** What the training of a map aims at. */
export interface TrainingTarget {
  readonly metric: MetricName
  /** In words, such as 'the conditional mean'. */
  readonly targets: string
  /** Whether the network is a score network and no map. */
  readonly learns?: 'score'
  /** The score network whose flow is learned, where it is not that of the exact score. */
  readonly teacher?: string
  /** Whole sentences for the user of the map. */
  readonly warnings: readonly string[]
  /** What the error of the map consists of, in a sentence or two; absent for a loss that is not known. */
  readonly cause?: string
}

/** What of the settings of a training decides what it aims at. */
interface TargetSettings {
  /** The name of the metric; the default of the loss where absent. */
  readonly metric?: unknown
  /** The backward step of `cd`; heun where absent. */
  readonly solver?: unknown
  /** N of the discrete losses. */
  readonly intervals?: unknown
}

/**
 * What a loss with a metric converges to. Where the target of the loss depends on a sample of the noise, a metric that is
 * not the squared norm takes another point of its law than the mean (docs/mathematics.md §4.3).
 *
 * @param loss a name; of an unknown one nothing is known
 * @param settings of the training, as a model's description has them
 * @param teacher the name of the score network whose flow is learned
 */
export function trainingTarget(
  loss: string,
  settings: TargetSettings,
  dimension: number,
  teacher?: string,
): TrainingTarget {
  const name = lossNames.find((known) => known === loss)
  const solver = stepSolvers.find((known) => known === settings.solver) ?? 'heun'
  const made: Loss | null = name ? losses[name]({ solver }) : null
  const chosen = metricNames.find((known) => known === settings.metric) ?? made?.metric ?? 'l2'
  const aim = (targets: string) =>
    made && {
      cause:
        made.coupled && chosen !== 'l2'
          ? `${made.cause(Number(settings.intervals))} With the metric ${chosen} it aims at ${targets}.`
          : made.cause(Number(settings.intervals)),
    }
  const warnings: string[] = made?.warning ? [made.warning] : []
  const learns = made?.learns
  if (teacher !== undefined)
    warnings.push(
      `The network learned the flow of the score network ${teacher}: its error against the truth includes the error of that.`,
    )
  if (!made?.coupled) {
    const targets = teacher === undefined ? 'the map itself' : "the map of the teacher's own flow"
    return { metric: chosen, targets, learns, teacher, warnings, ...aim(targets) }
  }
  const { targets } = metrics[chosen]
  if (chosen !== 'l2')
    warnings.unshift(
      `${loss} with the metric ${chosen} targets ${targets}, not the mean: it converges to the map of another ODE ` +
        `(docs/mathematics.md §4.3). This bias fades as the dimension grows; here it is ${dimension}.`,
    )
  return { metric: chosen, targets, learns, warnings, ...aim(targets) }
}
