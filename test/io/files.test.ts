import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkWritable, writeFileAtomic } from '../../src/io/atomic-write.ts'
import { readJson } from '../../src/io/json.ts'
import { readPoints, writePoints } from '../../src/io/points-files.ts'
import { pointsFromRows, pointsToRows } from '../../src/points/points.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'files-'))
  await mkdir(join(folder, 'sub.json'))
})
afterAll(() => rm(folder, { recursive: true }))

const rows = [
  [0.1, -0, 5e-324],
  [1e308, 1 / 3, -2.2250738585072014e-308],
]

test.skipIf(process.platform === 'win32')('a device, which may have no end, is refused', async () => {
  const path = join(folder, 'endless.json')
  await symlink('/dev/zero', path)
  await expect(readJson(path)).rejects.toThrow(`${path} is a device; expected a file that can be read.`)
})

describe('point files', () => {
  test.each(['.json', '.npy', '.csv', '.JSON'])(
    'what is written to %s is read back exactly',
    async (extension) => {
      const path = join(folder, `points${extension}`)
      await writePoints(path, pointsFromRows(rows))
      expect(pointsToRows(await readPoints(path))).toEqual(rows)
    },
  )

  test('a name of another extension is refused before the file is looked at', async () => {
    for (const name of ['points.txt', 'points', 'points.json.gz', '.constructor', 'folder.json/points', ''])
      await expect(readPoints(name)).rejects.toThrow('expected a name that ends in .json, .npy, .csv.')
    await expect(writePoints(join(folder, 'points.txt'), pointsFromRows(rows))).rejects.toThrow(
      'points.txt has the extension .txt; expected a name that ends in .json, .npy, .csv.',
    )
  })

  test('a row with an empty cell is not left out: row i of a result belongs to row i of the points', async () => {
    const path = join(folder, 'gap.csv')
    await writeFile(path, '1,2\n3,\n')
    await expect(readPoints(path)).rejects.toThrow(
      'gap.csv has 1 row with an empty cell; expected a number in every cell.',
    )
  })
})

describe('reading', () => {
  test.each([
    ['missing.json', 'missing.json does not exist; expected a file that can be read.'],
    ['sub.json', 'sub.json is a folder; expected a file that can be read.'],
    ['points.json/x.json', 'points.json/x.json does not exist; expected a file that can be read.'],
    [`${'x'.repeat(300)}.json`, 'has a name that is too long; expected a file that can be read.'],
    ['nul\0byte.json', 'nul byte.json is no file name; expected a file that can be read.'],
    ['empty.json', 'empty.json is empty; expected JSON.'],
    [
      'broken.json',
      'broken.json is not JSON (Expected double-quoted property name in line 1); expected a valid JSON file.',
    ],
    ['binary.json', 'binary.json is not UTF-8 text; expected a text file.'],
  ])('%j is refused with its name', async (name, message) => {
    await writePoints(join(folder, 'points.json'), pointsFromRows(rows))
    await writeFile(join(folder, 'empty.json'), '')
    await writeFile(join(folder, 'broken.json'), '{"a": 1, ')
    await writeFile(join(folder, 'binary.json'), Uint8Array.of(0xff, 0xfe, 0))
    const error: unknown = await readJson(join(folder, name)).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'InputError', message: expect.stringContaining(message) })
  })

  test('a JSON file is read, with or without a byte order mark', async () => {
    await writeFile(join(folder, 'bom.json'), '\ufeff{"a": 1}')
    expect(await readJson(join(folder, 'bom.json'))).toEqual({ a: 1 })
  })
})

describe('writing whole or not at all', () => {
  test('an older file is replaced, and nothing else stays in the folder', async () => {
    const place = await mkdtemp(join(folder, 'atomic-'))
    await writeFileAtomic(join(place, 'a.txt'), 'old')
    await writeFileAtomic(join(place, 'a.txt'), Uint8Array.of(0x6e, 0x65, 0x77))
    expect(await readFile(join(place, 'a.txt'), 'utf8')).toBe('new')
    expect(await readdir(place)).toEqual(['a.txt'])
  })

  test('a failure leaves no temporary file and keeps what was there', async () => {
    const place = await mkdtemp(join(folder, 'atomic-'))
    await mkdir(join(place, 'b.json', 'inside'), { recursive: true })
    await expect(writeFileAtomic(join(place, 'b.json'), 'x')).rejects.toThrow(
      'b.json is a folder; expected the name of a file',
    )
    expect(await readdir(place)).toEqual(['b.json'])
    expect(await readdir(join(place, 'b.json'))).toEqual(['inside'])
  })

  test('two writers of one file at the same time both finish, and one of their texts is there', async () => {
    const place = await mkdtemp(join(folder, 'atomic-'))
    const texts = Array.from({ length: 20 }, (_, i) => String(i).repeat(10_000))
    await Promise.all(texts.map((text) => writeFileAtomic(join(place, 'c.txt'), text)))
    expect(texts).toContain(await readFile(join(place, 'c.txt'), 'utf8'))
    expect(await readdir(place)).toEqual(['c.txt'])
  })

  test.each([
    ['no/such/folder/x.json', 'is in a folder that does not exist'],
    ['sub.json', 'is a folder'],
    [`${'x'.repeat(300)}.json`, 'has a name that is too long'],
    ['nul\0byte.json', 'is no file name'],
  ])('%j is refused before any work', async (name, message) => {
    await expect(checkWritable(join(folder, name))).rejects.toThrow(message)
  })

  // the superuser may write anywhere
  test.skipIf(process.getuid?.() === 0)('a folder without the right to write is refused', async () => {
    const place = await mkdtemp(join(folder, 'locked-'))
    await chmod(place, 0o500)
    await expect(checkWritable(join(place, 'x.json'))).rejects.toThrow('may not be written to')
    await chmod(place, 0o700)
  })

  test('the check leaves nothing behind and touches no older file', async () => {
    const place = await mkdtemp(join(folder, 'check-'))
    await writeFile(join(place, 'old.json'), 'old')
    await checkWritable(join(place, 'old.json'))
    await checkWritable(join(place, 'new.json'))
    expect(await readdir(place)).toEqual(['old.json'])
    expect(await readFile(join(place, 'old.json'), 'utf8')).toBe('old')
  })
})
