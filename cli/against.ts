import type { Problem } from '../src/problem/problem.ts'

/** The flow that errors on a problem are measured against, in words. */
export function flowOf({ specification: { data } }: Problem): string {
  if (data.kind === 'neural' && data.network !== undefined) {
    const { samples } = data
    const estimated = Array.isArray(samples) ? `of ${samples.length} samples` : 'as given'
    return `the flow of the network ${data.model ?? 'of the problem'} (mean and covariance ${estimated})`
  }
  if (data.kind === 'neural') return `the flow of the score network ${data.model ?? 'of the problem'}`
  if (data.kind === 'expression') return 'the flow of the score of the problem'
  return 'the true flow of the data'
}
