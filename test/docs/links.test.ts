import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import {
  definedIn,
  githubSlug,
  linkDefinitions,
  linkedCode,
  linkMathematics,
} from '../../docs/.vitepress/links.ts'
import { sections } from '../../docs/.vitepress/pages.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const pages = sections.flatMap((section) => section.pages.map(([page]) => page as string))
const read = (page: string) => readFileSync(join(root, page), 'utf8')

/** The anchors of a page: its headings, a second one of the same name with -1. */
function anchors(page: string): Set<string> {
  const found = new Set<string>()
  for (const [, heading] of read(page).matchAll(/^#+ (.*)$/gm)) {
    const slug = githubSlug(heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1'))
    let name = slug
    for (let k = 1; found.has(name); k++) name = `${slug}-${k}`
    found.add(name)
  }
  return found
}

it.each(pages)('%s: every link leads somewhere', (page) => {
  for (const [, href] of read(page).matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^([a-z]+:|\/playground\/)/.test(href)) continue
    const [path, anchor] = href.split('#')
    const target = path === '' ? page : join(dirname(page), path)
    expect(existsSync(join(root, target)), `${href} of ${page}`).toBe(true)
    if (anchor !== undefined) expect([...anchors(target)], `${href} of ${page}`).toContain(anchor)
  }
})

it('knows which links are to code', () => {
  const code = linkedCode('README.md')
  expect(code).toContain('solvers/neural/losses/pinn.ts')
  expect(code).toContain('src/exact')
  expect(code).not.toContain('docs/mathematics.md')
})

it('links where an entry of the API is defined, where that is a file of the package', () => {
  const text = (file: string) => `# f()\n\nDefined in: [${file}:28](source:../${file})\n\nIt is f.\n`
  const [own, other] = ['src/solve.ts', '../node_modules/typescript/lib/lib.es5.d.ts'].map(text)
  expect(definedIn(own + other)).toEqual(['src/solve.ts'])
  expect(linkDefinitions(own)).toContain('Defined in [src/solve.ts](/docs/source/src/solve.ts.md), line 28.')
  expect(linkDefinitions(other)).toBe('# f()\n\nIt is f.\n')
})

it('links the sections of the mathematics that docstrings cite', () => {
  const linked = linkMathematics('as derived (docs/mathematics.md §4.2, §1), not docs/mathematics.md §99.')
  const [, anchor] = linked.match(/\[mathematics §4\.2\]\(\/docs\/mathematics\.md#([^)]+)\)/) ?? []
  expect([...anchors('docs/mathematics.md')]).toContain(anchor)
  expect(linked).toContain('not docs/mathematics.md §99.')
})
