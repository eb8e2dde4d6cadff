import { toComoving } from '../../src/characteristics/probability-flow.ts'
import { drawNoised } from '../../src/metrics/carried-sample.ts'
import type { Density } from '../../src/problem/density.ts'
import { Random } from '../../src/random/random.ts'

const SAMPLES = 4096
const LEVELS = 9
const SMALLEST = 5
const MARGIN = 1.1

/**
 * The largest |y_i| (`box`) and |y| (`ball`) of 4096 points drawn from p_t at each of nine angles up to that of `time`,
 * with a margin and at least 5: within these lie all points that are not rare.
 */
export function extent(density: Density, time: number): { box: number; ball: number } {
  const { dimension: d, moments } = density
  const random = Random.stream(0, 'the extent of a grid')
  const end = Math.atan2(time, moments.scale)
  let box = 0
  let ball = 0
  for (let level = 0; level < LEVELS; level++) {
    const t = level === LEVELS - 1 ? time : moments.scale * Math.tan((end * level) / (LEVELS - 1))
    const y = drawNoised(density, t, SAMPLES, random)
    toComoving(density, t, y, y)
    for (let row = 0; row < y.length; row += d) {
      let squares = 0
      for (let i = row; i < row + d; i++) {
        box = Math.max(box, Math.abs(y[i]))
        squares += y[i] * y[i]
      }
      ball = Math.max(ball, Math.sqrt(squares))
    }
  }
  return { box: Math.max(SMALLEST, MARGIN * box), ball: Math.max(SMALLEST, MARGIN * ball) }
}
