/// <reference types="vite/client" />
import { expect, it } from 'vitest'

const files = import.meta.glob<Record<string, unknown>>('../../experiments/**/settings.ts')

// The numbers of experiments/README.md are those of `full`. After a wanted change run the experiment again for that page, then:
// vitest run test/contracts/experiment-settings.test.ts -u, and look at what differs.
it.each(Object.entries(files))(
  '%s has the settings that its published numbers were made with',
  async (file, load) => {
    const exported = await load()
    const settings = Object.fromEntries(
      Object.entries(exported).filter(([, value]) => typeof value !== 'function'),
    )
    expect(Object.keys(settings)).toContain('full')
    const name = file.replace(/^.*\/experiments\/(.*)\/settings\.ts$/, '$1').replaceAll('/', '-')
    await expect(`${JSON.stringify(settings, null, 2)}\n`).toMatchFileSnapshot(`golden/settings/${name}.json`)
  },
)
