import type { Loss } from '../loss.ts'
import { cd, type StepSolver } from './cd.ts'
import { cdJump } from './cd-jump.ts'
import { cdJumpDuration } from './cd-jump-duration.ts'
import { ct } from './ct.ts'
import { direct } from './direct.ts'
import { ect } from './ect.ts'
import { ict } from './ict.ts'
import { lmd } from './lmd.ts'
import { lsd } from './lsd.ts'
import { meanflow } from './meanflow.ts'
import { pinnLoss } from './pinn.ts'
import { scm } from './scm.ts'
import { scoreMatching } from './score.ts'
import { psd, shortcut } from './semigroup.ts'

export type { Loss } from '../loss.ts'
export { type StepSolver, stepSolvers } from './cd.ts'

/** What a loss may be asked for beside its name. */
interface LossOptions {
  readonly solver: StepSolver
}

/** Every loss by name. A new loss is a file here and a line below. */
export const losses = {
  pinn: () => pinnLoss,
  cd: ({ solver }: LossOptions) => cd(solver),
  ct: () => ct,
  ict,
  ect: () => ect,
  scm: () => scm('score'),
  'scm-ct': () => scm('sample'),
  direct: () => direct,
  lmd: () => lmd,
  lsd: () => lsd,
  psd: () => psd,
  shortcut: () => shortcut,
  meanflow: () => meanflow,
  'cd-jump': () => cdJump,
  'cd-jump-duration': () => cdJumpDuration,
  score: () => scoreMatching,
} satisfies Record<string, (options: LossOptions) => Loss>

export type LossName = keyof typeof losses

/** The names of the losses. */
export const lossNames = Object.keys(losses) as LossName[]
