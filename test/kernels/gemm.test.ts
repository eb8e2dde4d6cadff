import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBlas } from '../../src/kernels/blas.ts'
import { type Build, Crew, loadKernels } from '../../src/kernels/crew.ts'
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

// The edges of the 6 × 8 tile, of the blocks of 96 rows, 256 terms and 512 columns, a B too large to be kept, and then anything.
const chosen: Sides[] = [
  { rows: 1, columns: 1, depth: 1 },
  { rows: 5, columns: 7, depth: 3 },
  { rows: 6, columns: 8, depth: 4 },
  { rows: 7, columns: 9, depth: 257 },
  { rows: 97, columns: 3, depth: 256 },
  { rows: 13, columns: 521, depth: 5 },
  { rows: 2, columns: 2, depth: 700 },
  { rows: 20, columns: 760, depth: 700 },
]

function randomSides(count: number, most: number): Sides[] {
  const random = Random.stream(5, `sides ${most}`)
  const side = () => 1 + random.integer(most)
  return Array.from({ length: count }, () => ({ rows: side(), columns: side(), depth: side() }))
}

const blasFound = await openBlas(new MemoryPool().memory).then(
  () => true,
  () => false,
)

describe.each([
  ['relaxed', false],
  ['plain', false],
  ['relaxed', true],
] as const)('the %s build, system BLAS %s', (build, blas) => {
  if (blas && !blasFound) it.skip('finds no BLAS on this computer')
  else suite(build, blas)
})

/** Far faster than `toEqual` on large arrays. */
function sameBits(a: Float32Array, b: Float32Array): boolean {
  return Buffer.compare(new Uint8Array(a.buffer), new Uint8Array(b.buffer)) === 0
}

function suite(build: Build, useBlas: boolean): void {
  const pool = new MemoryPool()
  const crews: Crew[] = []

  beforeAll(async () => {
    const blas = useBlas ? await openBlas(pool.memory) : null
    const loaded = await loadKernels(pool.memory, { build, blas })
    for (const threads of [1, 3]) crews.push(await Crew.start(loaded, pool, threads))
  })
  afterAll(async () => {
    for (const crew of crews) await crew.stop()
  })

  const placed = (values: Float32Array): number => {
    const address = pool.allocate(4 * values.length)
    pool.view(address, values.length).set(values)
    return address
  }

  /** C (+)= op(A) op(B) on one thread and on three, which have to agree in every bit; by parts of the rows or of the depth. */
  const product = (
    sides: Sides,
    transposed: readonly [boolean, boolean],
    [a, b, before]: Float32Array[],
    add: boolean,
    pieces: number,
  ): Float32Array => {
    const { rows, columns, depth } = sides
    const count = rows * columns
    const sizes = [...transposed.map(Number), rows, columns, depth]
    const factors = [placed(a), placed(b)]
    const results = crews.map((crew) => {
      const to = placed(before)
      const sums = pool.allocate(4 * pieces * count + 16)
      if (pieces === 1) crew.run('gemm', 4, ...sizes, ...factors, to, Number(add))
      else {
        crew.run('gemmSums', pieces, ...sizes, ...factors, sums)
        crew.run('addUp', 2, pieces, count, sums, to)
      }
      const result = pool.view(to, before.length).slice()
      pool.free(to)
      pool.free(sums)
      return result
    })
    for (const address of factors) pool.free(address)
    if (!sameBits(results[0], results[1])) expect.fail('three threads give other bits than one')
    return results[0]
  }

  const random = Random.stream(6, 'entries')
  const table = Float32Array.from({ length: 1 << 20 }, () => random.normal())
  /** Numbers from anywhere in the table: drawing each one anew would take most of the time. */
  const normal = (length: number) => {
    const start = random.integer(table.length - length)
    return table.slice(start, start + length)
  }

  /** The entry i, j in float64, and the sum of the sizes of its terms. */
  const exact = (
    { rows, columns, depth }: Sides,
    [transposeA, transposeB]: readonly [boolean, boolean],
    a: Float32Array,
    b: Float32Array,
    i: number,
    j: number,
  ): [number, number] => {
    let sum = 0
    let size = 0
    for (let k = 0; k < depth; k++) {
      const left = transposeA ? a[k * rows + i] : a[i * depth + k]
      const right = transposeB ? b[j * depth + k] : b[k * columns + j]
      sum += left * right
      size += Math.abs(left * right)
    }
    return [sum, size]
  }

  const check = (
    sides: Sides,
    transposed: readonly [boolean, boolean],
    add: boolean,
    pieces: number,
    entries: Iterable<readonly [number, number]>,
  ): void => {
    const { rows, columns, depth } = sides
    const [a, b] = [normal(rows * depth), normal(depth * columns)]
    const before = normal(rows * columns + 8)
    const c = product(sides, transposed, [a, b, before], add, pieces)
    for (const [i, j] of entries) {
      const [product, size] = exact(sides, transposed, a, b, i, j)
      const start = add ? before[i * columns + j] : 0
      const sum = product + start
      // The error bound of a sum of `depth` float32 products.
      const bound = 2 ** -24 * (depth + 2) * (size + Math.abs(start))
      if (!(Math.abs(c[i * columns + j] - sum) <= bound))
        expect.fail(`entry ${i}, ${j}: ${c[i * columns + j]}, not ${sum}`)
    }
    const past = Math.ceil((rows * columns) / 4) * 4
    expect(c.slice(past)).toEqual(before.slice(past))
  }

  function* everyEntry({ rows, columns }: Sides): Generator<readonly [number, number]> {
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) yield [i, j]
  }

  /** The corners, and entries anywhere: all of a large product in float64 would take seconds. */
  function* someEntries({ rows, columns }: Sides, count: number): Generator<readonly [number, number]> {
    for (const i of [0, rows - 1]) for (const j of [0, columns - 1]) yield [i, j]
    for (let k = 0; k < count; k++) yield [random.integer(rows), random.integer(columns)]
  }

  it.each([...chosen, ...randomSides(8, 100)])(
    'multiplies $rows × $depth by $depth × $columns as float64 does',
    (sides) => {
      for (const transposed of transpositions)
        for (const add of [false, true]) check(sides, transposed, add, 1, everyEntry(sides))
    },
  )

  it('multiplies matrices with sides of 1 … 700', () => {
    for (const [k, sides] of randomSides(60, 700).entries())
      check(sides, transpositions[k % 4], k % 8 > 3, 1, someEntries(sides, 300))
  })

  it('adds up long sums in pieces', () => {
    for (const [k, { rows, columns }] of randomSides(12, 90).entries())
      check(
        { rows, columns, depth: 1024 + 3 * k },
        transpositions[k % 4],
        false,
        5,
        someEntries({ rows, columns, depth: 0 }, 300),
      )
  })

  it('sees that a factor changed between two products', () => {
    const sides = { rows: 8, columns: 8, depth: 8 }
    const sizes = [0, 0, 8, 8, 8]
    const [a, b, c] = [placed(normal(64)), placed(normal(64)), placed(normal(64))]
    for (const crew of crews) {
      pool.view(b, 64).set(normal(64))
      crew.run('gemm', 2, ...sizes, a, b, c, 0)
      const [first] = exact(sides, [false, false], pool.view(a, 64), pool.view(b, 64), 0, 0)
      expect(pool.view(c, 64)[0]).toBeCloseTo(first, 4)
    }
  })
}
