import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GaussGridKernel } from '../../src/kernels/gauss-grid.ts'
import { GaussTreeKernel } from '../../src/kernels/gauss-tree.ts'
import { KernelDensityKernel, type PosteriorKernel } from '../../src/kernels/kernel-density.ts'
import { Random } from '../../src/random/random.ts'

const KERNELS: Record<string, (centres: Float64Array, d: number) => Pick<PosteriorKernel, 'respond'>> = {
  tree: (centres, d) => new GaussTreeKernel(centres, d),
  grid: (centres, d) => new GaussGridKernel(centres, d, 0),
}

/** Rows of mean and the logarithm of Σ exp(−d²/2v). */
function gather(
  kernel: Pick<PosteriorKernel, 'respond'>,
  d: number,
  variances: number | Float64Array,
  x: Float64Array,
) {
  const out: { mean: number[]; logSum: number }[] = []
  kernel.respond(variances, x, (row, values, at) => {
    const v = typeof variances === 'number' ? variances : variances[row]
    const logSum = -values[at + d] / (2 * v) + Math.log(values[at + d + 1])
    out[row] = { mean: Array.from(values.subarray(at, at + d)), logSum }
  })
  return out
}

/** The largest differences from plain sums: of the mean in units of √v and rounding, of the logarithm of the sum. */
function differences(
  name: string,
  centres: Float64Array,
  d: number,
  variances: number | Float64Array,
  x: Float64Array,
) {
  const fast = gather(KERNELS[name](centres, d), d, variances, x)
  const plain = gather(new KernelDensityKernel(centres, d), d, variances, x)
  expect(fast).toHaveLength(x.length / d)
  const reach = centres.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-300)
  let [mean, logSum] = [0, 0]
  fast.forEach((own, row) => {
    const v = typeof variances === 'number' ? variances : variances[row]
    const unit = Math.sqrt(v) + 5e-3 * reach
    for (let i = 0; i < d; i++) mean = Math.max(mean, Math.abs(own.mean[i] - plain[row].mean[i]) / unit)
    // a distance of many nats rounds
    const digits = 1 + 1e-3 * Math.abs(plain[row].logSum)
    logSum = Math.max(logSum, Math.abs(own.logSum - plain[row].logSum) / digits)
  })
  return { mean, logSum }
}

const CASES = Object.keys(KERNELS).flatMap((name) => [1, 2, 3].map((d) => [name, d] as const))

describe.each(CASES)('the %s of Gaussians in %d-D agrees with plain sums to 1e-12', (name, d) => {
  const random = new Random(d)
  const laws: Record<string, (k: number, i: number) => number> = {
    'a normal law': () => random.normal(),
    'narrow and wide modes': (k) => [0, 3, 3.1][k % 3] + [1, 0.01, 1e-4][k % 3] * random.normal(),
    'a line': (k, i) => (i === 0 ? k / 100 : 1e-9 * random.normal()),
    'the same few points again and again': (k, i) => Math.floor(((k % 5) * (i + 1)) / 2),
    'scales from 1e-200 to 1': (k) => 10 ** -(k % 200),
    'far from the origin': () => 1e8 + random.normal(),
  }
  it.each(Object.keys(laws))('for %s', (law) => {
    const n = 1000
    const centres = Float64Array.from({ length: n * d }, (_, at) => laws[law](Math.floor(at / d), at % d))
    const rows = 25
    for (const width of [1e-6, 0.03, 0.2, 1, 1.17, 3, 1e4]) {
      // near the centres, and as far as p falls to 1e-20 of its largest
      const x = Float64Array.from(
        { length: rows * d },
        (_, at) =>
          centres[((Math.floor(at / d) * 71) % n) * d + (at % d)] +
          width * (at % 7 === 0 ? 9 : 1) * random.normal(),
      )
      const { mean, logSum } = differences(name, centres, d, width * width, x)
      expect(mean, `width ${width}`).toBeLessThan(1e-12)
      expect(logSum, `width ${width}`).toBeLessThan(1e-12)
    }
  })

  it('for widths of their own in every row, whatever they are', () => {
    const centres = Float64Array.from({ length: 900 * d }, () => random.normal())
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.double({ min: -8, max: 6, noNaN: true }),
            fc.double({ min: -30, max: 30, noNaN: true }),
          ),
          {
            minLength: 1,
            maxLength: 20,
          },
        ),
        (rows) => {
          const widths = rows.map(([exponent]) => 10 ** exponent)
          const x = Float64Array.from({ length: rows.length * d }, (_, at) => {
            const row = Math.floor(at / d)
            return centres[at] + rows[row][1] * Math.min(1, widths[row])
          })
          const { mean, logSum } = differences(
            name,
            centres,
            d,
            Float64Array.from(widths, (width) => width * width),
            x,
          )
          expect(mean).toBeLessThan(1e-12)
          expect(logSum).toBeLessThan(1e-12)
        },
      ),
      { numRuns: 30 },
    )
  })
})

it.each(Object.keys(KERNELS))(
  'a row of the %s does not depend on the rows beside it, nor on those before',
  (name) => {
    const random = new Random(9)
    const centres = Float64Array.from({ length: 4000 }, () => random.normal())
    const x = Float64Array.from({ length: 1400 }, () => 2 * random.normal())
    const all = gather(KERNELS[name](centres, 2), 2, 0.04, x)
    const kernel = KERNELS[name](centres, 2)
    gather(kernel, 2, Float64Array.of(9, 1e-3), Float64Array.of(0, 0, 1, 1))
    for (const row of [0, 511, 512, 699])
      expect(gather(kernel, 2, 0.04, x.subarray(2 * row, 2 * row + 2))).toEqual([all[row]])
  },
)

it('the grid serves what is near the centres, so that its time does not depend on how many they are', () => {
  const random = new Random(3)
  const centres = Float64Array.from({ length: 6000 }, () => random.normal())
  const x = centres.subarray(0, 200)
  // the tree gives the distance to the nearest centre, and a level 0
  for (const width of [0.1, 0.5, 2, 5])
    KERNELS.grid(centres, 2).respond(
      width ** 2,
      x.map((value) => value + width),
      (_, values, at) => expect(values[at + 2]).toBe(0),
    )
})
