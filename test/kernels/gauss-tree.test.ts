import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GaussTreeKernel } from '../../src/kernels/gauss-tree.ts'
import { KernelDensityKernel } from '../../src/kernels/kernel-density.ts'
import { Random } from '../../src/random/random.ts'

/** The largest differences of the tree from plain sums: of the mean relative to the spread of the centres, of the sum to itself. */
function differences(centres: Float64Array, d: number, variances: number | Float64Array, x: Float64Array) {
  const gather = (kernel: Pick<KernelDensityKernel, 'respond'>) => {
    const out: number[][] = []
    kernel.respond(variances, x, (row, values, at) => {
      out[row] = Array.from(values.subarray(at, at + d + 2))
    })
    return out
  }
  const tree = gather(new GaussTreeKernel(centres, d))
  const plain = gather(new KernelDensityKernel(centres, d))
  expect(tree).toHaveLength(x.length / d)
  const reach = centres.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-300)
  let [mean, nearest, total] = [0, 0, 0]
  tree.forEach((own, row) => {
    for (let i = 0; i < d; i++) mean = Math.max(mean, Math.abs(own[i] - plain[row][i]) / reach)
    nearest = Math.max(nearest, Math.abs(own[d] - plain[row][d]) / (plain[row][d] || 1))
    total = Math.max(total, Math.abs(own[d + 1] / plain[row][d + 1] - 1))
  })
  return { mean, nearest, total }
}

describe.each([1, 2, 3])('the tree of Gaussians in %d-D agrees with plain sums to 1e-12', (d) => {
  const random = new Random(d)
  const laws: Record<string, (k: number, i: number) => number> = {
    'a normal law': () => random.normal(),
    'narrow and wide modes': (k) => [0, 3, 3.1][k % 3] + [1, 0.01, 1e-4][k % 3] * random.normal(),
    'a line': (k, i) => (i === 0 ? k / 100 : 1e-9 * random.normal()),
    'the same few points again and again': (k, i) => Math.floor(((k % 5) * (i + 1)) / 2),
    'scales from 1e-200 to 1': (k) => 10 ** -(k % 200),
    'far from the origin': () => 1e8 + random.normal(),
  }
  it.each(Object.keys(laws))('for %s', (name) => {
    const n = 1000
    const centres = Float64Array.from({ length: n * d }, (_, at) => laws[name](Math.floor(at / d), at % d))
    const rows = 25
    for (const width of [1e-6, 0.03, 0.2, 1, 3, 1e4]) {
      // near the centres, and as far as p falls to 1e-20 of its largest
      const x = Float64Array.from(
        { length: rows * d },
        (_, at) =>
          centres[((Math.floor(at / d) * 71) % n) * d + (at % d)] +
          width * (at % 7 === 0 ? 9 : 1) * random.normal(),
      )
      const { mean, nearest, total } = differences(centres, d, width * width, x)
      expect(nearest).toBe(0)
      expect(mean, `width ${width}`).toBeLessThan(1e-12)
      expect(total, `width ${width}`).toBeLessThan(1e-12)
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
          const { mean, total } = differences(
            centres,
            d,
            Float64Array.from(widths, (width) => width * width),
            x,
          )
          expect(mean).toBeLessThan(1e-12)
          expect(total).toBeLessThan(1e-12)
        },
      ),
      { numRuns: 60 },
    )
  })
})

it('a row does not depend on the rows beside it', () => {
  const random = new Random(9)
  const centres = Float64Array.from({ length: 4000 }, () => random.normal())
  const x = Float64Array.from({ length: 1400 }, () => 2 * random.normal())
  const kernel = new GaussTreeKernel(centres, 2)
  const all: number[] = []
  kernel.respond(0.04, x, (_, values, at) => all.push(values[at], values[at + 1], values[at + 3]))
  for (const row of [0, 511, 512, 699]) {
    const own: number[] = []
    kernel.respond(0.04, x.subarray(2 * row, 2 * row + 2), (_, values, at) =>
      own.push(values[at], values[at + 1], values[at + 3]),
    )
    expect(own).toEqual(all.slice(3 * row, 3 * row + 3))
  }
})
