import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { sde } from '../../solvers/sde/index.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { readProblem } from '../../src/create/read-problem.ts'
import { points, rowMajor } from '../../src/points/points.ts'
import { logDensity, sampleNoised, score } from '../../src/problem/evaluate.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { isNoise, vePoints, veTime } from '../../src/problem/process.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'

const folder = fileURLToPath(new URL('../../problems/', import.meta.url))
const files = readdirSync(folder).filter((file) => file.endsWith('.json'))

/** The largest difference of the score and central differences of log p_t, relative to the scale of the score. */
function gradientError({ density, dimension: d }: Problem, t: number, x: Float64Array): number {
  const score = new Float64Array(x.length)
  density.score(t, x, score)
  const n = x.length / d
  const h = 1e-5 * t
  let worst = 0
  for (let j = 0; j < d; j++) {
    const [above, below] = [new Float64Array(n), new Float64Array(n)]
    const shifted = (sign: number) => x.map((value, i) => (i % d === j ? value + sign * h : value))
    density.logDensity?.(t, shifted(1), above)
    density.logDensity?.(t, shifted(-1), below)
    for (let i = 0; i < n; i++)
      worst = Math.max(worst, Math.abs((above[i] - below[i]) / (2 * h) - score[i * d + j]) * t)
  }
  return worst
}

/** The same where the drift is not linear: ends of forward paths carried back have the mean and the variance of the data. */
async function carriedBack(problem: Problem): Promise<void> {
  const { dimension: d, density } = problem
  const [time, count] = [1, 400]
  const X = sde.forward(problem, { time, steps: 100, count, seed: 3 })
  const f = await solve(problem, rungeKutta({ rtol: 1e-6, atol: 1e-8 }), { time })
  const h = 1e-4
  const slopes = score(problem, time, X).data
  for (let j = 0; j < d; j++) {
    const shifted = (sign: number) =>
      points(
        rowMajor(X).map((value, i) => (i % d === j ? value + sign * h : value)),
        d,
      )
    const [above, below] = [logDensity(problem, time, shifted(1)), logDensity(problem, time, shifted(-1))]
    above.forEach((value, i) => {
      expect(Math.abs((value - below[i]) / (2 * h) - slopes[i * d + j])).toBeLessThan(1e-4)
    })
  }
  const y = f.evaluate(time, X).data
  const { mean, scale } = density.moments
  for (let j = 0; j < d; j++) {
    const own = Array.from({ length: count }, (_, i) => y[i * d + j] - mean[j])
    expect(Math.abs(own.reduce((sum, value) => sum + value, 0) / count)).toBeLessThan(
      (4 * scale) / Math.sqrt(count),
    )
    const variance = own.reduce((sum, value) => sum + value * value, 0) / count
    expect(Math.abs(variance / scale ** 2 - 1)).toBeLessThan(4 * Math.sqrt(2 / count))
  }
}

describe.each(files)('problems/%s', (file) => {
  it('is listed with its source', () => {
    expect(readFileSync(`${folder}README.md`, 'utf8')).toContain(`| \`${file}\` |`)
  })

  it('has a score that is the gradient of its log-density, and characteristics that end in the data', async () => {
    const problem = await readProblem(`${folder}${file}`)
    if (problem.law) return carriedBack(problem)
    const { scale, mean } = problem.density.moments
    const { process } = problem
    const time = Math.min(10 * scale, process.maximumTime)
    for (const t of [0.01 * time, time]) {
      // a score says nothing of the data at the end
      if (isNoise(process, t) || !problem.density.logDensity) continue
      const x = vePoints(process, t, rowMajor(sampleNoised(problem, t, 20, new Random(1))))
      expect(gradientError(problem, veTime(process, t), x)).toBeLessThan(1e-6)
    }
    const f = await solve(problem, rungeKutta({ rtol: 1e-6, atol: 1e-8 }), { time })
    const y = f.evaluate(time, sampleNoised(problem, time, 32, new Random(2))).data as Float64Array
    y.forEach((value, i) => {
      expect(Math.abs(value - mean[i % problem.dimension])).toBeLessThan(6 * scale)
    })
    if (problem.density.atomic)
      for (const value of y) expect(Math.abs(Math.abs(value) - 1)).toBeLessThan(1e-6)
  })
})
