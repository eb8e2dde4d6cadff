import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Crew } from '../../src/kernels/crew.ts'
import type { Kernels } from '../../src/kernels/kernels.ts'
import { type Build, loadKernels } from '../../src/kernels/load.ts'
import { MemoryPool } from '../../src/kernels/memory-pool.ts'
import { Random } from '../../src/random/random.ts'

interface Sides {
  readonly rows: number
  readonly columns: number
  readonly depth: number
}

const transpositions = [
  [false, false],
  [false, true],
  [true, false],
  [true, true],
] as const

// The edges of the 6 × 8 tile, of the blocks of 96 rows, 256 terms and 512 columns, and then anything.
const chosen: Sides[] = [
  { rows: 1, columns: 1, depth: 1 },
  { rows: 5, columns: 7, depth: 3 },
  { rows: 6, columns: 8, depth: 4 },
  { rows: 7, columns: 9, depth: 257 },
  { rows: 97, columns: 3, depth: 256 },
  { rows: 13, columns: 521, depth: 5 },
  { rows: 2, columns: 2, depth: 700 },
]

function randomSides(count: number): Sides[] {
  const random = Random.stream(5, 'sides')
  const side = () => 1 + random.integer(200)
  return Array.from({ length: count }, () => ({ rows: side(), columns: side(), depth: side() }))
}

function fill(pool: MemoryPool, values: Float32Array): number {
  const address = pool.allocate(4 * values.length)
  pool.view(address, values.length).set(values)
  return address
}

for (const build of ['relaxed', 'plain'] as const) describe(`the ${build} build`, () => suite(build))

function suite(build: Build): void {
  const pool = new MemoryPool()
  let kernels: Kernels
  let crew: Crew
  let scratch: number

  beforeAll(async () => {
    const loaded = await loadKernels(pool.memory, build)
    kernels = loaded.kernels
    crew = await Crew.start(loaded, pool, 2)
    scratch = pool.allocate(2 * kernels.scratchBytes())
  })
  afterAll(() => crew.stop())

  const cases = [...chosen, ...randomSides(8)]
  it.each(cases)(
    'multiplies $rows × $depth by $depth × $columns as float64 does',
    ({ rows, columns, depth }) => {
      const random = Random.stream(rows * 1000 + columns, 'entries')
      const a = Float32Array.from({ length: rows * depth }, () => random.normal())
      const b = Float32Array.from({ length: depth * columns }, () => random.normal())
      for (const [transposeA, transposeB] of transpositions) {
        const before = Float32Array.from({ length: rows * columns + 8 }, () => random.normal())
        const [pa, pb] = [fill(pool, a), fill(pool, b)]
        for (const add of [0, 1]) {
          const [pc, pd] = [fill(pool, before), fill(pool, before)]
          const sizes = [
            scratch,
            Number(transposeA),
            Number(transposeB),
            rows,
            columns,
            depth,
            pa,
            pb,
          ] as const
          kernels.gemm(0, 1, ...sizes, pc, add)
          crew.run('gemm', true, ...sizes, pd, add)
          const c = pool.view(pc, before.length)
          for (let i = 0; i < rows; i++)
            for (let j = 0; j < columns; j++) {
              let sum = add * before[i * columns + j]
              let size = Math.abs(sum)
              for (let k = 0; k < depth; k++) {
                const left = transposeA ? a[k * rows + i] : a[i * depth + k]
                const right = transposeB ? b[j * depth + k] : b[k * columns + j]
                sum += left * right
                size += Math.abs(left * right)
              }
              // The error bound of a sum of `depth` float32 products.
              const bound = 2 ** -24 * (depth + 2) * size
              if (Math.abs(c[i * columns + j] - sum) > bound)
                expect.fail(`entry ${i}, ${j}: ${c[i * columns + j]}, not ${sum}`)
            }
          expect(c.slice(rows * columns)).toEqual(before.slice(rows * columns))
          expect(pool.view(pd, before.length)).toEqual(c)
          pool.free(pc)
          pool.free(pd)
        }
        pool.free(pa)
        pool.free(pb)
      }
    },
  )
}
