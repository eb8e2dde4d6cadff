import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InputError } from '../../src/errors.ts'
import { csvSource, memorySource, npySource, type PointSource } from '../../src/io/point-sources.ts'
import { createPoints, openPoints, readPoints, writePoints } from '../../src/io/points-files.ts'
import { points, rowMajor } from '../../src/points/points.ts'
import { Random } from '../../src/random/random.ts'

const random = new Random(1)
// longer than a chunk of the reader
const X = points(
  Float64Array.from({ length: 40_000 }, () => random.normal()),
  2,
)

let folder: string
const file = (name: string) => join(folder, name)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'streams-'))
})
afterAll(() => rm(folder, { recursive: true }))

// equality of long arrays takes vitest seconds
const sameBits = (a: Float64Array, b: Float64Array) =>
  Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer))

async function csv(text: string): Promise<PointSource> {
  await writeFile(file('x.csv'), text)
  return csvSource(file('x.csv'), text.length)
}

async function all(source: PointSource, rows: number): Promise<{ data: number[]; sizes: number[] }> {
  const data: number[] = []
  const sizes: number[] = []
  for await (const part of source.parts(rows)) {
    for (const value of rowMajor(part)) data.push(value)
    sizes.push(part.shape[0])
  }
  return { data, sizes }
}

describe('points read a part at a time', () => {
  it('of .npy and .csv are those of the whole file', async () => {
    await writePoints(file('x.npy'), X)
    await writePoints(file('x.csv'), X)
    const npy = await npySource(file('x.npy'), (await readFile(file('x.npy'))).length)
    const text = await readFile(file('x.csv'), 'utf8')
    expect(npy?.rows()).toBe(20_000)
    for (const source of [
      npy as PointSource,
      await csv(text),
      await csv(`a,b\r\n${text.replaceAll('\n', '\r\n')}`),
    ]) {
      const { data, sizes } = await all(source, 8192)
      expect(source.dimension).toBe(2)
      expect(sizes).toEqual([8192, 8192, 3616])
      expect(sameBits(Float64Array.from(data), X.data)).toBe(true)
      expect(source.rows()).toBe(20_000)
    }
  })

  it('of a small file come from memory, in the same parts', async () => {
    await writePoints(file('small.json'), points(Float64Array.of(1, 2, 3), 1))
    expect(await all(await openPoints(file('small.json')), 2)).toEqual({ data: [1, 2, 3], sizes: [2, 1] })
    expect((await all(memorySource(X), 8192)).sizes).toEqual([8192, 8192, 3616])
  })

  it('keep quotes that hold a line break together', async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => `"${i}\n",${-i}`).join('\n')
    const { data } = await all(await csv(lines), 1000)
    expect(data).toHaveLength(120_000)
    expect(data.slice(-2)).toEqual([59_999, -59_999])
  })

  it('name the line of what is wrong, far down too', async () => {
    const lines = Array.from({ length: 25_000 }, (_, i) => `${i}.0000000000,${-i}.0000000000`)
    const broken = async (line: number, text: string) => {
      const source = await csv(lines.with(line - 1, text).join('\n'))
      return all(source, 1000).catch((error) => {
        expect(error).toBeInstanceOf(InputError)
        return error.message
      })
    }
    expect(await broken(24_000, '1,x')).toMatch(/has "x" in line 24000, column 2; expected a finite number/)
    expect(await broken(24_000, '1')).toMatch(/rows of different lengths in line 24000/)
    expect(await broken(24_000, '1,')).toMatch(/has 1 row with an empty cell/)
    expect(await broken(24_000, '1,"2')).toMatch(/broken quotes/)
    await expect(csv('')).rejects.toThrow(/is empty/)
    await expect(all(await csv('a,b\n'), 10)).rejects.toThrow(/has no rows of numbers/)
  })

  it('of .npy name the row of what is not finite', async () => {
    const data = X.data.slice()
    data[30_001] = Number.NaN
    await writePoints(file('nan.npy'), points(data, 2))
    const source = await npySource(file('nan.npy'), (await readFile(file('nan.npy'))).length)
    await expect(all(source as PointSource, 1000)).rejects.toThrow(/has NaN in row 15001, column 2/)
  })
})

describe('points written a part at a time', () => {
  it.each(['json', 'npy', 'csv'])('have the bytes of a whole .%s file', async (extension) => {
    await writePoints(file(`whole.${extension}`), X)
    const sink = createPoints(file(`parts.${extension}`), 2)
    for await (const part of memorySource(X).parts(7000)) await sink.write(part)
    expect(await readdir(folder)).not.toContain(`parts.${extension}`)
    await sink.finish()
    await sink.discard()
    expect(
      (await readFile(file(`parts.${extension}`))).equals(await readFile(file(`whole.${extension}`))),
    ).toBe(true)
    expect(sameBits(rowMajor(await readPoints(file(`parts.${extension}`))), X.data)).toBe(true)
  })

  it('leave nothing when they are given up', async () => {
    const before = await readdir(folder)
    const sink = createPoints(file('gone.npy'), 2)
    await sink.write(X)
    expect(await readdir(folder)).toHaveLength(before.length + 1)
    await sink.discard()
    expect(await readdir(folder)).toEqual(before)
    await createPoints(file('never.npy'), 2).discard()
  })
})
