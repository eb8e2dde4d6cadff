// Tests the Python package against this checkout, in a virtual environment of its own that is removed afterwards:
//   node scripts/python.js [--if-available]
// --if-available: says so and ends well where there is no Python 3.10 with venv.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../python', import.meta.url))
const python = process.env.PYTHON ?? 'python3'
const check = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))'
if (spawnSync(python, ['-c', check]).status !== 0) {
  const optional = process.argv.includes('--if-available')
  console.log(
    `${python} is no Python 3.10 or later with venv${optional ? ': the Python package is not tested.' : '.'}`,
  )
  process.exit(optional ? 0 : 1)
}

const environment = mkdtempSync(join(tmpdir(), 'consistency-pde-python-'))
const own = join(environment, process.platform === 'win32' ? 'Scripts' : 'bin', 'python')
const run = (program, words) => {
  const { status } = spawnSync(program, words, { cwd: folder, stdio: 'inherit' })
  if (status !== 0) throw new Error(`${program} ${words.join(' ')} ended with code ${status}.`)
}
try {
  run(python, ['-m', 'venv', environment])
  run(own, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--no-compile',
    '--editable',
    '.[test]',
  ])
  run(own, ['-m', 'mypy'])
  run(own, ['-m', 'pytest', '-q', '--doctest-modules', 'consistency_pde', 'tests'])
} finally {
  rmSync(environment, { recursive: true, force: true })
}
