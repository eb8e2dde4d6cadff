import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'

const experiments = new URL('../../experiments/', import.meta.url)
const files = readdirSync(experiments, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('settings.ts'),
)

// The numbers of experiments/README.md are those of `full`. After a wanted change run the experiment again for that page, then:
// vitest run test/contracts/experiment-settings.test.ts -u, and look at what differs.
it.each(files)('%s has the settings that its published numbers were made with', async (file) => {
  const exported: Record<string, unknown> = await import(new URL(file, experiments).href)
  const settings = Object.fromEntries(
    Object.entries(exported).filter(([, value]) => typeof value !== 'function'),
  )
  expect(Object.keys(settings)).toContain('full')
  const name = file.replace(/\/settings\.ts$/, '').replaceAll('/', '-')
  await expect(`${JSON.stringify(settings, null, 2)}\n`).toMatchFileSnapshot(`golden/settings/${name}.json`)
})
