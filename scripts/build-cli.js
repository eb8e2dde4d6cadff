// Bundles the command line and its worker threads into dist/bundle: a few files in place of some four hundred, so that it starts in half
// the time. Packages that start-up needs are in it, with their licences beside it; the others are found where they are installed.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const outdir = join(dist, 'bundle')
const BUNDLED = [
  '@stdlib/',
  'cli-progress',
  'commander',
  'csv-parse',
  'ml-matrix',
  'ndarray',
  'ndarray-ops',
  'pure-rand',
  'zod',
]
/** A module that is run in a thread, beside the one that starts it. */
const WORKER = /new URL\('\.\/([\w-]+)\.ts', import\.meta\.url\)/g

rmSync(outdir, { recursive: true, force: true })
const modules = readdirSync(dist, { recursive: true })
  .filter((name) => name.endsWith('.js'))
  .map((name) => join(dist, name))
const workers = modules.flatMap((module) =>
  [
    ...readFileSync(module, 'utf8')
      .replaceAll(/^ *(\/\/|\*).*$/gm, '')
      .matchAll(WORKER),
  ].map(([, name]) => join(dirname(module), `${name}.js`)),
)

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: [join(dist, 'cli/main.js'), ...new Set(workers)],
  outdir,
  outbase: dist,
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  // packages of the older kind of module ask for Node's own modules
  banner: {
    js: "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);",
  },
  plugins: [{ name: 'places', setup: places }],
})
writeFileSync(join(outdir, 'LICENSES.txt'), licences(Object.keys(metafile.inputs)))

/** Workers are those of the bundle; all else that a module finds by its own place stays where it is. */
function places({ onLoad, onResolve }) {
  onResolve({ filter: /^dist-folder$/ }, ({ path }) => ({ path, namespace: 'places' }))
  onResolve({ filter: /^[^./]/ }, ({ path, importer }) => {
    const isOurs = !importer.includes('node_modules')
    return isOurs && !BUNDLED.some((name) => path.startsWith(name)) ? { path, external: true } : undefined
  })
  onLoad({ filter: /.*/, namespace: 'places' }, () => ({
    contents: "export const dist = new URL('../..', import.meta.url)",
  }))
  onLoad({ filter: /[\\/]dist[\\/].*\.js$/ }, ({ path }) => {
    const text = readFileSync(path, 'utf8')
    if (!text.includes('import.meta.url')) return undefined
    const place = relative(dist, path).replaceAll('\\', '/')
    const contents = text
      .replaceAll(WORKER, `new URL('./$1.ts', new URL('bundle/${place}', distFolder))`)
      .replaceAll('import.meta.url', `new URL('${place}', distFolder).href`)
    return { contents: `import { dist as distFolder } from 'dist-folder'\n${contents}` }
  })
}

/** The licences of the packages that are in the bundle, each text once. */
function licences(inputs) {
  const folders = inputs.flatMap((input) => input.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? [])
  const packages = new Map()
  for (const folder of [...new Set(folders)].sort()) {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    const texts = readdirSync(join(root, folder))
      .filter((file) => /^(licen[cs]e|notice)/i.test(file))
      .map((file) => readFileSync(join(root, folder, file), 'utf8').trim())
    const text = texts.join('\n\n')
    packages.set(text, [...(packages.get(text) ?? []), `${name} ${version}, ${license}`])
  }
  return [...packages]
    .map(([text, names]) => `${names.join('\n')}\n\n${text}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`)
}
