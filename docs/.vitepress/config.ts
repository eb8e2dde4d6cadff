import { defineConfig } from 'vitepress'
import { githubSlug, repositoryLinks } from './links.ts'
import { sections } from './pages.ts'

const url = (page: string) => `/${page.replace(/(README|index)\.md$/, '').replace(/\.md$/, '')}`

export default defineConfig({
  title: 'consistency-pde',
  description:
    'Exact, classical and neural consistency functions of diffusion models, and how far a trained one is from the true one',
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  // the pages are the Markdown files of the repository, where they are
  srcDir: '..',
  srcExclude: ['**/node_modules/**', 'dist/**', 'results/**', 'test/**', 'coverage/**'],
  rewrites: (id) => id.replace(/README\.md$/, 'index.md'),
  cleanUrls: false,
  lastUpdated: false,
  // the playground is no page of VitePress: the script of the docs puts it there
  ignoreDeadLinks: [/^\/playground\//],
  vite: { publicDir: 'docs/.vitepress/public', build: { chunkSizeWarningLimit: 4000 } },
  markdown: {
    math: true,
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    anchor: { slugify: githubSlug },
    toc: { slugify: githubSlug },
    config: repositoryLinks,
  },
  themeConfig: {
    nav: [
      { text: 'Guide', link: '/docs/guide/' },
      { text: 'Mathematics', link: '/docs/mathematics' },
      { text: 'API', link: '/docs/api/' },
      { text: 'Playground', link: '/playground/index.html', target: '_self' },
    ],
    sidebar: [
      ...sections.map(({ text, pages }) => ({
        text,
        items: pages.map(([page, title]) => ({ text: title, link: url(page) })),
      })),
      { text: 'API', link: '/docs/api/' },
    ],
    outline: [2, 3],
    search: { provider: 'local' },
  },
})
