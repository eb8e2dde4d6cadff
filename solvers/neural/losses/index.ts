import { cd, type StepSolver } from './cd.ts'
import { ct } from './ct.ts'
import type { Loss } from './loss.ts'
import { pinn } from './pinn.ts'

export type { StepSolver } from './cd.ts'
export type { Loss } from './loss.ts'

/** What a loss may be asked for beside its name. */
export interface LossOptions {
  readonly solver: StepSolver
}

/** Every loss by name. A new loss is a file here and a line below. */
export const losses = {
  pinn: () => pinn,
  cd: ({ solver }: LossOptions) => cd(solver),
  ct: () => ct,
} satisfies Record<string, (options: LossOptions) => Loss>

export type LossName = keyof typeof losses

/** The names of the losses. */
export const lossNames = Object.keys(losses) as LossName[]
