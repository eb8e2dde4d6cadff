// Bundles src/report/client into one script as text, src/report/generated/page-script.ts, with its hash for the policy of the page.
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = `${root}/src/report/generated`

const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: ['src/report/client/main.ts'],
  bundle: true,
  write: false,
  minify: true,
  format: 'iife',
  platform: 'browser',
  target: 'es2022',
  // the same bytes in a page of any encoding
  charset: 'ascii',
  logLevel: 'warning',
})
const script = outputFiles[0].text.trim()
if (/<\/script|<!--/i.test(script)) throw new Error('The script of the report would end its own element.')
const hash = createHash('sha256').update(script).digest('base64')

await mkdir(folder, { recursive: true })
await writeFile(
  `${folder}/page-script.ts`,
  `// Made by scripts/build-report.js from src/report/client.
export const pageScript = ${JSON.stringify(script)}
export const pageScriptHash = 'sha256-${hash}'
`,
)
