import { type Loss, type LossName, losses, lossNames } from './losses/index.ts'
import { type MetricName, metricNames, metrics } from './metrics.ts'

/** What the training of a map aims at. */
export interface TrainingTarget {
  readonly metric: MetricName
  /** In words, such as 'the conditional mean'. */
  readonly targets: string
  /** Whether the network is a score network and no map. */
  readonly learns?: 'score' | undefined
  /** The score network whose flow is learned, where it is not that of the exact score. */
  readonly teacher?: string | undefined
  /** Whole sentences for the user of the map. */
  readonly warnings: readonly string[]
}

/**
 * What a loss with a metric converges to. Where the target of the loss depends on a sample of the noise, a metric that is
 * not the squared norm takes another point of its law than the mean (docs/mathematics.md §4.3).
 *
 * @param loss a name; of an unknown one nothing is known
 * @param metric the name of the metric; the default of the loss where absent
 * @param teacher the name of the score network whose flow is learned
 */
export function trainingTarget(
  loss: string,
  metric: unknown,
  dimension: number,
  teacher?: string,
): TrainingTarget {
  const name = lossNames.find((known) => known === loss)
  const made: Loss | null = name ? makeLoss(name) : null
  const chosen = metricNames.find((known) => known === metric) ?? made?.metric ?? 'l2'
  const warnings: string[] = made?.warning ? [made.warning] : []
  const learns = made?.learns
  if (teacher !== undefined)
    warnings.push(
      `The network learned the flow of the score network ${teacher}: its error against the truth includes the error of that.`,
    )
  if (!made?.coupled) {
    const targets = teacher === undefined ? 'the map itself' : "the map of the teacher's own flow"
    return { metric: chosen, targets, learns, teacher, warnings }
  }
  const { targets } = metrics[chosen]
  if (chosen !== 'l2')
    warnings.unshift(
      `${loss} with the metric ${chosen} targets ${targets}, not the mean: it converges to the map of another ODE ` +
        `(docs/mathematics.md §4.3). This bias fades as the dimension grows; here it is ${dimension}.`,
    )
  return { metric: chosen, targets, learns, warnings }
}

function makeLoss(name: LossName): Loss {
  return losses[name]({ solver: 'heun' })
}
