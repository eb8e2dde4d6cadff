// Compiles src/kernels/assembly to WebAssembly and writes the results as base64 into src/kernels/generated/, so that the
// package loads them without a file system. The float32 kernels of training twice, with and without relaxed SIMD (fused
// multiply-add), on shared memory; the float64 kernels of densities once, each instance with a memory of its own.
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = `${root}/src/kernels/generated`
const common = [
  '--baseDir',
  root,
  '-O3',
  '--converge',
  '--noAssert',
  '--disableWarning',
  '--runtime',
  'stub',
  '--enable',
  'simd',
]
const shared = [
  ...[
    '--outFile',
    'kernels.wasm',
    '--importMemory',
    '--sharedMemory',
    '--initialMemory',
    '1',
    '--maximumMemory',
    '65536',
  ],
  ...['--enable', 'threads'],
]

async function compile(entry, options) {
  let binary = null
  const { error, stderr } = await asc.main([`src/kernels/assembly/${entry}`, ...common, ...options], {
    writeFile(_, contents) {
      binary = contents
    },
  })
  if (error !== null || binary === null) throw new Error(`The kernels do not compile:\n${stderr}`)
  return Buffer.from(binary).toString('base64')
}

async function write(file, constants) {
  const lines = Object.entries(constants).map(([name, base64]) => `export const ${name} = '${base64}'\n`)
  const head = '// Made by scripts/build-kernels.js from src/kernels/assembly.\n'
  await writeFile(`${folder}/${file}`, head + lines.join(''))
}

await mkdir(folder, { recursive: true })
await write('binaries.ts', {
  relaxed: await compile('index.ts', [...shared, '--enable', 'relaxed-simd']),
  plain: await compile('index.ts', shared),
})
await write('float64-binary.ts', {
  float64: await compile('float64.ts', ['--outFile', 'float64.wasm', '--initialMemory', '1']),
})
