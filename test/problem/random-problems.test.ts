import { expect, test } from 'vitest'
import { compareMethods } from '../../bench/random-problems/compare.ts'
import { drawProblem } from '../../bench/random-problems/draw.ts'
import { Random } from '../../src/random/random.ts'

// kinds of data in turn: gaussian, a mixture on the line, and a product, of which every seed has a few
test.each([0, 1, 4, 9, 10, 13])(
  'random problem %d: exact and grid agree with characteristics, or say why not',
  async (k) => {
    const drawn = drawProblem(Random.stream(0, `problem ${k}`), k)
    for (const { verdict, message, excess } of await compareMethods(drawn, k)) {
      expect(['agrees', 'refused', 'warned']).toContain(verdict)
      if (verdict === 'agrees') expect(excess).toBeLessThanOrEqual(1)
      else expect(message).toMatch(/\w+ .*\.$/)
    }
  },
  120_000,
)
