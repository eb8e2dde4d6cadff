import { readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'

const root = join(import.meta.dirname, '../..')

/** Where the pages are of files that other pages link to: src/exact → docs/source/src/exact. */
export const SOURCE = 'docs/source'

/**
 * Makes links that are right on GitHub right on the site: a README.md is the index of its folder, and a file or folder of code is the
 * page that shows it.
 */
export function repositoryLinks(md: MarkdownRenderer): void {
  md.core.ruler.push('repository-links', ({ tokens, env }) => {
    const page = env.relativePath as string | undefined
    if (page === undefined) return
    for (const token of tokens.flatMap(({ children }) => children ?? []))
      if (token.type === 'link_open')
        token.attrSet('href', siteLink(token.attrGet('href') ?? '', page.replace('index.md', 'README.md')))
  })
}

function siteLink(href: string, page: string): string {
  if (/^([a-z]+:|#|\/)/.test(href)) return href
  const [path, anchor] = href.split('#')
  const hash = anchor === undefined ? '' : `#${anchor}`
  const target = normalize(join(dirname(page), path)).replace(/\/$/, '')
  if (path.endsWith('README.md')) return `/${target.replace('README.md', 'index.md')}${hash}`
  if (path.endsWith('.md')) return href
  return isCode(target) ? `/${SOURCE}/${target}.md` : href
}

function isCode(target: string): boolean {
  try {
    const status = statSync(join(root, target))
    return status.isDirectory() || /\.(ts|ipynb|json)$|(^|\/)(LICENSE|Snakefile)$/.test(target)
  } catch {
    return false
  }
}

/** Anchors as GitHub makes them, so that links with one work in both places. */
export function githubSlug(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-')
}

/** The files and folders of code that a Markdown page links to, from the root of the repository. */
export function linkedCode(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8')
  return [...text.matchAll(/\]\(([^)#\s]+)\)/g)]
    .map(([, href]) => href)
    .filter((href) => !/^([a-z]+:|\/)/.test(href) && !href.endsWith('.md'))
    .map((href) => relative(root, join(root, dirname(page), href)).replace(/\/$/, ''))
    .filter(isCode)
}

/** Where the API says that its entries are defined: lines that TypeDoc writes, and the files of this repository in them. */
const DEFINED = /^Defined in: \[([^\]]+?):(\d+)\]\(source:[^)]*\)\n+/gm

/** The files in which the entries of a page of the API are defined. */
export function definedIn(text: string): string[] {
  return [...text.matchAll(DEFINED)].map(([, file]) => file).filter(isCode)
}

/** Makes links to the pages of these files of them; what is defined elsewhere, such as in the language, has no such line. */
export function linkDefinitions(text: string): string {
  return text.replace(DEFINED, (_, file: string, line: string) =>
    isCode(file) ? `Defined in [${file}](/${SOURCE}/${file}.md), line ${line}.\n\n` : '',
  )
}

/** Makes links of what docstrings cite: docs/mathematics.md §4.2. */
export function linkMathematics(text: string): string {
  const headings = readFileSync(join(root, 'docs/mathematics.md'), 'utf8').matchAll(
    /^##+ (([\d.]*\d)\.? .*)$/gm,
  )
  const slugs = new Map([...headings].map(([, heading, number]) => [number, githubSlug(heading)]))
  return text.replace(/docs\/mathematics\.md §(\d+(\.\d+)?)/g, (cited, section) => {
    const slug = slugs.get(section)
    return slug === undefined ? cited : `[mathematics §${section}](/docs/mathematics.md#${slug})`
  })
}
