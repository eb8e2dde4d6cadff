import { chmod, link, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkOutputs } from '../../cli/io.ts'
import { InputError } from '../../src/errors.ts'
import { writeFileAtomic } from '../../src/io/atomic-write.ts'
import { BadInput } from '../../src/io/bad-input.ts'
import { WorkFolder } from '../cli/work-folder.ts'

let folder: WorkFolder
beforeAll(async () => {
  folder = await WorkFolder.create({ 'a.json': 'old', 'b.json': 'old' })
  await symlink('a.json', folder.file('link.json'))
  await symlink('later.json', folder.file('dangling.json'))
  await link(folder.file('a.json'), folder.file('hard.json'))
})
afterAll(() => folder.remove())

test('a link is followed and the mode of an older file kept', async () => {
  await chmod(folder.file('b.json'), 0o640)
  await symlink('b.json', folder.file('to-b.json'))
  await writeFileAtomic(folder.file('to-b.json'), 'new')
  expect(await readlink(folder.file('to-b.json'))).toBe('b.json')
  expect(await readFile(folder.file('b.json'), 'utf8')).toBe('new')
  expect((await stat(folder.file('b.json'))).mode & 0o777).toBe(0o640)
  await writeFileAtomic(folder.file('dangling.json'), 'new')
  expect(await readFile(folder.file('later.json'), 'utf8')).toBe('new')
})

test.runIf(process.platform !== 'win32')('a device is no file to write', async () => {
  await expect(writeFileAtomic('/dev/null', '')).rejects.toThrow('/dev/null is a device or a pipe')
})

test.each(['a.json', 'link.json', 'hard.json'])('an output that is an input is refused: %s', async (name) => {
  const outputs = { '--out': folder.file(name) }
  await expect(checkOutputs([folder.file('a.json'), undefined], outputs)).rejects.toThrow('is a file to read')
  await expect(checkOutputs([folder.file('b.json')], outputs)).resolves.toBeUndefined()
})

test('two outputs are two files', async () => {
  await writeFile(folder.file('c.json'), '')
  const outputs = { '--out': folder.file('c.json'), '--save': folder.file('./c.json') }
  await expect(checkOutputs([], outputs)).rejects.toThrow('is the file of --out')
})

test.each(['\u001b]0;title\u0007', 'a\nb', 'x\u202ey', `k\u0085${'k'.repeat(1e5)}`])(
  'a text from outside is one clean line of limited length in every sentence: %j',
  (text) => {
    const errors = [new InputError(text, text, text), new BadInput(text, text, text)]
    for (const { message } of errors) {
      expect(message).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
      expect(message.length).toBeLessThan(1000)
    }
  },
)
