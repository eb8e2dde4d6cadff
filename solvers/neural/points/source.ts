import type { TrainingPoints } from '../training-points.ts'

/** Where the points of each batch come from. */
export interface TrainingPointSource {
  /**
   * What has to be ready before a step, such as a pool of stored points; gives way to other work now and then.
   *
   * @returns whether a training without interruptions had it ready before, so that it was made a second time
   */
  prepare(step: number, pause: () => Promise<void>): Promise<boolean>
  /** The points of the next batch with their targets. `progress` is the share of the training that is done. */
  next(progress: number): TrainingPoints
}
