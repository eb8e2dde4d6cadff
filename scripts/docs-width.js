// Opens every page of the built site in Chromium and fails where one is wider than its window: node scripts/docs-width.js
// Needs `npm run docs` first, and Chromium, its path in CHROMIUM. Pages of the API, all of one making, are left out but for the first.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const WIDTHS = [1280, 390]
const SITE = 'http://site.test/'
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.png': 'image/png' }

const folder = fileURLToPath(new URL('../docs/.vitepress/dist', import.meta.url))
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
if (!existsSync(executablePath)) {
  console.log('The widths of the pages are not measured: no Chromium in $CHROMIUM or /usr/bin.')
  process.exit(0)
}
const pages = readdirSync(folder, { recursive: true }).filter(
  (name) => name.endsWith('.html') && !/^(docs\/api\/(?!index)|playground\/|404)/.test(name),
)
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
const page = await browser.newPage()
await page.route(`${SITE}**`, (route) => {
  const file = join(folder, decodeURIComponent(new URL(route.request().url()).pathname))
  return existsSync(file)
    ? route.fulfill({
        contentType: types[extname(file)] ?? 'application/octet-stream',
        body: readFileSync(file),
      })
    : route.fulfill({ status: 404 })
})
let wide = 0
for (const name of pages) {
  await page.goto(SITE + name)
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 })
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (beyond <= 0) continue
    wide++
    console.error(`${name} is ${beyond} pixels wider than a window of ${width}.`)
  }
}
await browser.close()
console.log(`${pages.length} pages, ${wide} of them wider than their window`)
process.exitCode = wide > 0 || pages.length === 0 ? 1 : 0
