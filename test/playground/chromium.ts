import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

const places = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The Chromium of this machine, from $CHROMIUM or where it is usually installed. */
export const chromiumPath = places.find((path) => path !== undefined && path !== '' && existsSync(path))

if (!chromiumPath)
  console.log('The tests in a browser are skipped: no Chromium in $CHROMIUM or its usual places.')

/** A browser for tests, which are skipped without `chromiumPath`. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath as string,
    args: ['--no-sandbox', '--disable-gpu'],
    timeout: 60_000,
  })
}

/** Collects what a page says that it should not: errors that nobody catches, and the console. */
export function collectComplaints(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => complaints.push(message.text()))
}
