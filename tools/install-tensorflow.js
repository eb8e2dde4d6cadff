// Installs @tensorflow/tfjs-node where its own download of TensorFlow is blocked: the library and its headers come from the Python
// wheel tensorflow-cpu, and the addon is compiled here. Linux on x86-64 with g++, make, unzip and Python's pip.
//
//   node tools/install-tensorflow.js
//
// It needs 1 GB of disk while it runs and leaves 430 MB. `npm ci` removes the module again: run it after that.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

const VERSION = '4.22.0'
const WHEEL = 'tensorflow-cpu==2.15.1'

const module = resolve('node_modules/@tensorflow/tfjs-node')
const libraries = join(module, 'deps/lib')
const headers = join(module, 'deps/include')
const addon = join(module, 'lib/napi-v8/tfjs_binding.node')

const run = (command, args, options = {}) =>
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], ...options })

if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.error('install-tensorflow: only for Linux on x86-64.')
  process.exit(2)
}

if (!existsSync(join(module, 'package.json'))) {
  run('npm', [
    'install',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    `@tensorflow/tfjs-node@${VERSION}`,
  ])
}
if (!existsSync(addon)) {
  unpackLibrary()
  compileAddon()
}
check()

/** Takes libtensorflow and the headers out of the wheel, under the names the addon looks for. */
function unpackLibrary() {
  const work = mkdtempSync(join(tmpdir(), 'tensorflow-'))
  try {
    const platforms = ['manylinux2014_x86_64', 'manylinux_2_17_x86_64'].flatMap((name) => [
      '--platform',
      name,
    ])
    const target = ['--only-binary=:all:', '--python-version', '3.11', '--implementation', 'cp', ...platforms]
    run('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', ...target, '--dest', work, WHEEL])
    const [wheel] = readdirSync(work).filter((name) => name.endsWith('.whl'))
    const parts = [
      'tensorflow/libtensorflow_cc.so.2',
      'tensorflow/libtensorflow_framework.so.2',
      'tensorflow/include/*',
    ]
    run('unzip', ['-q', join(work, wheel), ...parts, '-d', work])
    rmSync(join(module, 'deps'), { recursive: true, force: true })
    mkdirSync(libraries, { recursive: true })
    run('cp', ['-r', join(work, 'tensorflow/include'), headers])
    for (const name of ['cc', 'framework']) {
      const file = `libtensorflow_${name}.so.2`
      run('cp', [join(work, 'tensorflow', file), join(libraries, file)])
    }
    symlinkSync('libtensorflow_framework.so.2', join(libraries, 'libtensorflow_framework.so'))
    for (const name of ['libtensorflow.so.2', 'libtensorflow.so']) {
      symlinkSync('libtensorflow_cc.so.2', join(libraries, name))
    }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function compileAddon() {
  const root = execFileSync('npm', ['root', '-g'], { encoding: 'utf8' }).trim()
  const gyp = join(root, 'npm/node_modules/node-gyp/bin/node-gyp.js')
  const prefix = dirname(dirname(process.execPath))
  // The headers that came with this Node, so that node-gyp need not download them.
  const own = existsSync(join(prefix, 'include/node/node_api.h')) ? [`--nodedir=${prefix}`] : []
  const names = ['--module_name=tfjs_binding', `--module_path=${dirname(addon)}`, '--napi_build_version=8']
  run(process.execPath, [gyp, 'rebuild', '--silent', ...own, ...names], { cwd: module })
  rmSync(join(module, 'build'), { recursive: true, force: true })
  rmSync(headers, { recursive: true, force: true })
}

function check() {
  const program = `
    const tf = require(${JSON.stringify(module)})
    const [sum] = tf.matMul(tf.ones([64, 64]), tf.ones([64, 64])).sum().dataSync()
    if (tf.getBackend() !== 'tensorflow' || sum !== 64 ** 3) throw new Error('wrong result on ' + tf.getBackend())
    console.log('tfjs-node ${VERSION} works, on TensorFlow ' + tf.backend().binding.TF_Version)`
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' }
  execFileSync(process.execPath, ['-e', program], { stdio: 'inherit', env })
}
