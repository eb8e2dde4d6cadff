// Builds the site of the documentation into docs/.vitepress/dist: node scripts/docs.js
// The API from the docstrings, pages of the code that other pages link to, the playground; then VitePress, which refuses dead links.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tsImport } from 'tsx/esm/api'

const root = fileURLToPath(new URL('..', import.meta.url))
process.chdir(root)
const { definedIn, linkDefinitions, linkedCode, linkMathematics, SOURCE } = await tsImport(
  '../docs/.vitepress/links.ts',
  import.meta.url,
)
const { sections } = await tsImport('../docs/.vitepress/pages.ts', import.meta.url)
const bin = (name) => join(root, 'node_modules/.bin', name)
const run = (command, ...parts) => execFileSync(command, parts, { stdio: 'inherit' })

rmSync('docs/api', { recursive: true, force: true })
run(bin('typedoc'), '--options', 'docs/.vitepress/typedoc.json')
const definitions = new Set()
for (const name of readdirSync('docs/api', { recursive: true })) {
  const file = join('docs/api', name)
  if (!name.endsWith('.md')) continue
  const text = readFileSync(file, 'utf8')
  for (const source of definedIn(text)) definitions.add(source)
  writeFileSync(file, linkDefinitions(linkMathematics(text)))
}

rmSync(SOURCE, { recursive: true, force: true })
const pages = sections.flatMap((section) => section.pages.map(([page]) => page))
for (const target of new Set([
  ...pages.filter((page) => existsSync(page)).flatMap(linkedCode),
  ...definitions,
]))
  if (target.endsWith('.ipynb')) writeNotebook(target)
  else writeSource(target)

run('node', 'scripts/playground.js', 'docs/.vitepress/public/playground')
run(bin('vitepress'), 'build', 'docs')
run('node', 'scripts/docs-width.js')

/** A page with the cells of a notebook and what they displayed. */
function writeNotebook(target) {
  const shown = ({ data = {}, text }) => {
    const png = data['image/png']
    const picture = png && `<img alt="" src="data:image/png;base64,${[png].flat().join('').trim()}">`
    const markup = picture ?? data['image/svg+xml'] ?? data['text/html']
    // a blank line would end the markup
    if (markup)
      return `<div v-pre>${[markup]
        .flat()
        .join('')
        .replace(/\s*\n\s*/g, ' ')}</div>\n`
    const plain = [data['text/plain'] ?? text ?? []].flat().join('')
    return plain.trim() === '' ? '' : `~~~~text\n${plain.trimEnd()}\n~~~~\n`
  }
  const cells = JSON.parse(readFileSync(target, 'utf8')).cells.map(({ cell_type, source, outputs = [] }) => {
    const text = [source].flat().join('')
    return cell_type === 'markdown'
      ? `${text}\n`
      : `~~~~ts\n${text}\n~~~~\n\n${outputs.map(shown).join('\n')}`
  })
  const page = join(SOURCE, `${target}.md`)
  mkdirSync(dirname(page), { recursive: true })
  writeFileSync(page, `---\noutline: 2\n---\n\n${cells.join('\n')}`)
}

/** A page with the code of a file, or of the files in a folder. */
function writeSource(target) {
  const files = statSync(target).isDirectory()
    ? readdirSync(target)
        .filter((name) => name.endsWith('.ts'))
        .map((name) => join(target, name))
    : [target]
  const folders = statSync(target).isDirectory()
    ? readdirSync(target).filter((name) => statSync(join(target, name)).isDirectory())
    : []
  // the colours of whole folders would take as long as the rest of the site
  const language = target.endsWith('.ts') ? 'ts' : 'text'
  const parts = files.map(
    (file) =>
      `${file === target ? '' : `## ${file}\n\n`}~~~~${language}\n${readFileSync(file, 'utf8').trimEnd()}\n~~~~\n`,
  )
  const list =
    folders.length > 0 ? `Folders in it: ${folders.map((name) => `\`${name}/\``).join(', ')}.\n\n` : ''
  const page = join(SOURCE, `${target}.md`)
  mkdirSync(dirname(page), { recursive: true })
  writeFileSync(page, `---\noutline: 2\nsearch: false\n---\n\n# \`${target}\`\n\n${list}${parts.join('\n')}`)
}
