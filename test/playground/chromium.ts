import { existsSync } from 'node:fs'

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
