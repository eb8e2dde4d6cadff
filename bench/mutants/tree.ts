import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the project is. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

const PARTS = [
  'src',
  'solvers',
  'experiments',
  'cli',
  'test',
  'bench',
  'data',
  'docs',
  'examples',
  'playground',
  'problems',
  'scripts',
  'notebooks',
  'tools',
]
const FILES = [
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'vitest.config.ts',
  'README.md',
  'CHANGELOG.md',
]

export type Outcome = 'passed' | 'failed' | 'too long'

/** A copy of the project, in which one file at a time is another. */
export interface Tree {
  /** Runs test files with one file changed, up to the first failure. */
  tests(files: readonly string[], seconds: number): Promise<Outcome>
  typecheck(): Promise<Outcome>
  /** With the text of a file exchanged while `work` runs. */
  with<T>(file: string, text: string, work: () => Promise<T>): Promise<T>
  remove(): Promise<void>
}

export async function copyOfProject(): Promise<Tree> {
  const folder = await mkdtemp(join(tmpdir(), 'mutants-'))
  for (const part of PARTS)
    await cp(join(root, part), join(folder, part), {
      recursive: true,
      filter: (path) => !path.includes('node_modules'),
    })
  for (const file of FILES) await cp(join(root, file), join(folder, file))
  for (const linked of ['node_modules', 'dist']) await symlink(join(root, linked), join(folder, linked))
  return {
    tests: (files, seconds) =>
      run(
        folder,
        ['vitest', 'run', ...files, '--bail', '1', '--maxWorkers', '1', '--reporter', 'dot'],
        seconds,
      ),
    typecheck: () => run(folder, ['tsc', '-p', 'tsconfig.json', '--noEmit'], 300),
    async with(file, text, work) {
      const path = join(folder, file)
      const original = await readFile(path, 'utf8')
      await writeFile(path, text)
      try {
        return await work()
      } finally {
        await writeFile(path, original)
      }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Runs a program of node_modules as a process group of its own, which is ended as a whole when it takes too long. */
function run(cwd: string, [program, ...args]: readonly string[], seconds: number): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(join(root, 'node_modules', '.bin', program), args, {
      cwd,
      stdio: 'ignore',
      detached: true,
    })
    let late = false
    const timer = setTimeout(() => {
      late = true
      if (child.pid) process.kill(-child.pid, 'SIGKILL')
    }, 1000 * seconds)
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve(late ? 'too long' : code === 0 ? 'passed' : 'failed')
    })
  })
}
