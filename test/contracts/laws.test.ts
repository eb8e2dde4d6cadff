import { describe, expect, it } from 'vitest'
import { createProblem } from '../../src/create/create-problem.ts'
import type { Law } from '../../src/problem/law.ts'

/** Processes that do not reduce to VE, whose law is computed on a grid, with a time up to which it is. */
const problems = {
  'a double well': {
    process: { kind: 'custom', drift: 'x - x^3', sigma: '0.8' },
    data: { kind: 'gaussian', mean: [0.4], covariance: [[0.09]] },
  },
  'a pull that turns about': {
    process: {
      kind: 'custom',
      drift: ['-sin(x1) + x2 / 2', '-x2 - x1 / 2'],
      sigma: '1',
      grid: { nodes: 48 },
    },
    data: {
      kind: 'gaussian',
      mean: [0.4, -0.3],
      covariance: [
        [0.3, 0.1],
        [0.1, 0.2],
      ],
    },
  },
} as const
const TIME = 0.6

describe.each(Object.entries(problems))('the law of %s', (_, { process, data }) => {
  const law = createProblem({ process, data } as never).law ?? expect.fail('no law')
  const d = law.dimension
  const times = [0.2, 0.6]

  const inside = 12
  /** Points in the box, and then four on either side of it along each axis, near and far. */
  async function somePoints(): Promise<Float64Array> {
    await law.prepare(TIME)
    const box = law.box ?? expect.fail('no box')
    const within = Array.from({ length: inside }, (_, k) =>
      box.map(([low, high], i) => low + (high - low) * (0.3 + 0.4 * ((k * (i + 1) * 0.618) % 1))),
    )
    const beyond = box.flatMap(([low, high], axis) =>
      [low - 0.3, low - 2, high + 0.3, high + 2].map((place) =>
        box.map(([from, to], i) => (i === axis ? place : (from + to) / 2 + 0.1)),
      ),
    )
    return Float64Array.from([...within, ...beyond].flat())
  }

  it.each(times)(
    'has the gradient of its log-density as score, and outwards beyond the box, at t = %d',
    async (t) => {
      const x = await somePoints()
      const score = valuesOf(law, 'score', t, x)
      const h = 1e-4
      for (let i = 0; i < d; i++) {
        const shifted = (by: number) =>
          valuesOf(
            law,
            'logDensity',
            t,
            x.map((value, k) => (k % d === i ? value + by : value)),
          )
        const [above, below] = [shifted(h), shifted(-h)]
        above.forEach((value, row) => {
          // along the sides of the box both go on in their own way
          if (row >= inside && Math.floor((row - inside) / 4) !== i) return
          const difference = (value - below[row]) / (2 * h)
          expect(Math.abs(score[row * d + i] - difference)).toBeLessThan(1e-5 * (1 + Math.abs(difference)))
        })
      }
    },
  )

  it('falls outwards beyond the box', async () => {
    await law.prepare(TIME)
    const box = law.box ?? expect.fail('no box')
    for (const axis of box.keys())
      for (const side of [0, 1]) {
        const values = [0, 1, 2, 4].map((away) => {
          const place = box[axis][side] + (side === 0 ? -away : away)
          const point = box.map(([low, high], i) => (i === axis ? place : (low + high) / 2))
          return valuesOf(law, 'logDensity', TIME, Float64Array.from(point))[0]
        })
        for (let i = 1; i < values.length; i++) expect(values[i]).toBeLessThanOrEqual(values[i - 1])
      }
  })

  it('gives many points together what it gives them one by one', async () => {
    const few = await somePoints()
    const x = Float64Array.from({ length: 60 * few.length }, (_, k) => few[k % few.length])
    const together = valuesOf(law, 'score', 0.37, x)
    const alone = Array.from({ length: few.length / d }, (_, row) =>
      Array.from(valuesOf(law, 'score', 0.37, few.slice(row * d, (row + 1) * d))),
    ).flat()
    together.forEach((value, k) => {
      expect(value).toBeCloseTo(alone[k % alone.length], 9)
    })
  })
})

function valuesOf(law: Law, quantity: 'score' | 'logDensity', t: number, x: Float64Array): Float64Array {
  const out = new Float64Array(quantity === 'score' ? x.length : x.length / law.dimension)
  law[quantity]?.(t, x, out)
  return out
}
