// Runs the notebooks from the packed package in an empty folder: node scripts/notebooks.js [--write] [--if-available]
// --write keeps the outputs; --if-available is content where there is no Jupyter.
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const SECONDS = 180
const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    'if-available': { type: 'boolean', default: false },
  },
})

const python = [process.env.PYTHON, 'python3', '/usr/bin/python3'].find(
  (name) => name && spawnSync(name, ['-c', 'import nbconvert, ipykernel, jupyter_client']).status === 0,
)
if (python === undefined) {
  console.log(
    'The notebooks are skipped: no Python with nbconvert, ipykernel and jupyter-client (PYTHON names one).',
  )
  process.exit(values['if-available'] ? 0 : 1)
}

const source = join(root, 'notebooks')
const names = readdirSync(source)
  .filter((name) => name.endsWith('.ipynb'))
  .sort()
const folder = mkdtempSync(join(tmpdir(), 'notebooks-'))
const env = {
  ...process.env,
  // neither kernels nor settings of the user
  JUPYTER_DATA_DIR: join(folder, 'jupyter'),
  PATH: [join(folder, 'node_modules/.bin'), process.env.PATH].join(delimiter),
}
const run = (command, ...parts) => execFileSync(command, parts, { cwd: folder, env, stdio: 'pipe' })

let failed = 0
try {
  const { dependencies } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: root })
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  writeFileSync(join(folder, 'package.json'), '{"private": true}\n')
  run('npm', 'install', '--no-audit', '--no-fund', `./${tarball}`, `tslab@${dependencies.tslab}`)
  run('tslab', 'install', `--python=${python}`, '--user')
  for (const name of names) {
    copyFileSync(join(source, name), join(folder, name))
    const start = performance.now()
    const message = execute(name)
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    console.log(`${name}: ${message ?? 'ok'} (${seconds} s)`)
    if (message !== null) failed++
    else if (values.write) copyFileSync(join(folder, name), join(source, name))
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(`${names.length - failed} of ${names.length} notebooks ran`)
process.exitCode = failed > 0 || names.length === 0 ? 1 : 0

/** Runs a notebook in place. @returns what went wrong, or null */
function execute(name) {
  const { status, stderr } = spawnSync(
    python,
    [
      ...['-m', 'nbconvert', '--to', 'notebook', '--execute', '--inplace', name],
      ...['--ExecutePreprocessor.record_timing=False', `--ExecutePreprocessor.timeout=${SECONDS}`],
    ],
    { cwd: folder, env, encoding: 'utf8' },
  )
  if (status !== 0) return `failed\n${stderr.slice(-3000)}`
  const { cells } = JSON.parse(readFileSync(join(folder, name), 'utf8'))
  const outputs = cells.flatMap((cell) => cell.outputs ?? [])
  const wrong = outputs.find((output) => output.output_type === 'error' || output.name === 'stderr')
  if (wrong) return `a cell complains\n${[wrong.text ?? wrong.traceback].flat().join('')}`
  return outputs.length === 0 ? 'no cell shows anything' : null
}
