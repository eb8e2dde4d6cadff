// Bundles the playground into a folder of two files: node scripts/playground.js [folder]
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const out = resolve(process.argv[2] ?? join(root, 'playground/dist'))

const { outputFiles } = await build({
  entryPoints: [join(root, 'playground/main.ts')],
  bundle: true,
  write: false,
  minify: true,
  format: 'iife',
  platform: 'browser',
  target: 'es2023',
  // only reached in Node, and for drifts that are not linear, which the page has none of
  external: ['node:*', '*/src/characteristics/index.ts'],
  logLevel: 'warning',
})
// as a function with a name, whose text is the script of its own worker
const script = `function consistencyPdePlayground(){${outputFiles[0].text}}consistencyPdePlayground();\n`
const style = await readFile(join(root, 'playground/style.css'), 'utf8')
const page = await readFile(join(root, 'playground/index.html'), 'utf8')
await mkdir(out, { recursive: true })
await writeFile(join(out, 'playground.js'), script)
await writeFile(
  join(out, 'index.html'),
  page.replace('/* style.css */', () => style),
)
console.log(`${out}: playground.js ${Math.round(script.length / 1000)} kB`)
