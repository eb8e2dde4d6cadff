import { Presets, SingleBar } from 'cli-progress'
import type { Progress } from '../src/progress.ts'

/** A bar on stderr that shows progress until stopped; silent when stderr is not a terminal. */
export interface ProgressBar {
  readonly update: (progress: Progress) => void
  readonly stop: () => void
}

export function progressBar(): ProgressBar {
  if (!process.stderr.isTTY) return { update: () => {}, stop: () => {} }
  const format = '{label} {bar} {value}/{total} | {eta_formatted} left'
  const bar = new SingleBar(
    { stream: process.stderr, format, clearOnComplete: true, hideCursor: true },
    Presets.rect,
  )
  return {
    update({ done, total, label }) {
      if (bar.isActive) bar.setTotal(total)
      else bar.start(total, done, { label })
      bar.update(done, { label })
    },
    stop: () => bar.stop(),
  }
}
