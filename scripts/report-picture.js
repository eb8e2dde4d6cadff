// Photographs the report of a comparison for the documents, light and dark, with one place pointed at:
//   node scripts/report-picture.js [report.html]      (default results/report.html; needs Chromium, its path in CHROMIUM)
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'docs/figures')
const address = pathToFileURL(resolve(process.argv[2] ?? join(root, 'results/report.html'))).href
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
})
await mkdir(folder, { recursive: true })

const page = await browser.newPage({ viewport: { width: 1100, height: 860 } })
await page.goto(address)
await show('error-maps')
await page.focus('#error-time')
for (let k = 0; k < 2; k++) await page.keyboard.press('ArrowLeft')
await page
  .locator('.map canvas')
  .first()
  .hover({ position: { x: 70, y: 70 } })
await page.screenshot({ path: join(folder, 'report-maps.png') })

await page.emulateMedia({ colorScheme: 'dark' })
await page.click('.switches summary')
await page.getByLabel('sampler:euler-20', { exact: true }).uncheck()
await page.getByLabel('sampler:euler-10', { exact: true }).uncheck()
await show('error-against-work')
await page
  .locator('figure[data-figure="error-against-work"] [data-values="dot"][data-of="1"] > *')
  .last()
  .hover()
await page.screenshot({ path: join(folder, 'report-work.png') })
await browser.close()

async function show(figure) {
  await page
    .locator(`section:has(> figure[data-figure="${figure}"])`)
    .evaluate((section) => section.scrollIntoView())
}
