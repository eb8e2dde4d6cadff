import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { readPoints } from '../../src/io/points-files.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const file = join(root, 'examples/typescript/newcomer.ts')
// types of theirs that do not compile: plot needs @types/d3, which it does not bring along, and tfjs-core the type of `long`
const THEIRS = /node_modules\/(@observablehq\/plot|@tensorflow\/tfjs-core)\//

describe("a newcomer's seven tasks in one file", () => {
  it('take at most 80 lines', () => {
    expect(readFileSync(file, 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(80)
  })

  it('compile strictly against the published types, which are checked too', () => {
    const program = ts.createProgram([file], {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
      types: ['node'],
    })
    const ours = program.getSourceFiles().map(({ fileName }) => relative(root, fileName))
    expect(ours).toContain('dist/src/index.d.ts')
    const found = ts
      .getPreEmitDiagnostics(program)
      .filter((one) => !THEIRS.test(one.file?.fileName ?? ''))
      .map((one) => `${one.file?.fileName}: ${ts.flattenDiagnosticMessageText(one.messageText, '\n')}`)
    expect(found).toEqual([])
  }, 240_000)

  it('run', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'newcomer-'))
    try {
      const tsx = fileURLToPath(import.meta.resolve('tsx'))
      const { stdout } = await promisify(execFile)(process.execPath, ['--import', tsx, file, '--quick'], {
        cwd,
      })
      expect(stdout).toContain('own score: [ [ 0.29851115')
      expect(Number(/flow matching: (\S+)/.exec(stdout)?.[1])).toBeLessThan(1e-8)
      for (const [, error, bound] of stdout.matchAll(/: error (\S+) ± \S+, at most (\S+)/g))
        expect(Number(bound)).toBeGreaterThanOrEqual(Number(error))
      expect(stdout.match(/: error /g)).toHaveLength(2)
      expect((await readdir(join(cwd, 'newcomer'))).sort()).toEqual([
        'convergence.svg',
        'data.npy',
        'samples.npy',
      ])
      expect((await readPoints(join(cwd, 'newcomer/samples.npy'))).shape).toEqual([256, 1])
    } finally {
      await rm(cwd, { recursive: true })
    }
  }, 240_000)
})
