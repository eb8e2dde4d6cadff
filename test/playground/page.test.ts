import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dataOf } from '../../playground/compute/data.ts'
import { processes, processKinds, processOf } from '../../playground/state/process.ts'
import { defaultState } from '../../playground/state/state.ts'
import { fromHash, toHash } from '../../playground/state/url.ts'
import { chromiumPath, collectComplaints, launchChromium } from './chromium.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'playground-'))
const address = pathToFileURL(join(folder, 'index.html')).href

beforeAll(() => {
  execFileSync('node', ['scripts/playground.js', folder], { cwd: root })
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true }))

it('is one page and one script of less than 750 kB', () => {
  expect(readdirSync(folder).sort()).toEqual(['index.html', 'playground.js'])
  expect(statSync(join(folder, 'playground.js')).size).toBeLessThan(750_000)
})

describe.skipIf(!chromiumPath)('the page, from a file in Chromium', () => {
  let browser: Browser
  let page: Page
  const complaints: string[] = []

  beforeAll(async () => {
    browser = await launchChromium()
    page = await browser.newPage({ viewport: { width: 1100, height: 900 } })
    page.setDefaultTimeout(60_000)
    collectComplaints(page, complaints)
  }, 120_000)
  afterAll(() => browser?.close())

  const numbers = () => page.textContent('.numbers')
  const settled = () => page.waitForFunction(() => !document.querySelector('.computing'))
  async function open(hash: string): Promise<void> {
    await page.goto('about:blank')
    await page.goto(address + hash)
    await settled()
  }

  it('is right before any interaction, computed in a worker', async () => {
    await open('')
    expect(await page.isChecked('input[value="exact"]')).toBe(true)
    await open('#method=ct-l1')
    expect(page.workers()).toHaveLength(1)
    expect(await numbers()).toContain('0.700 · 0.300')
    expect(await numbers()).toMatch(/under f̂0\.84\d · 0\.15\d/)
    expect(await page.locator('#figure image').count()).toBe(1)
    expect(await page.locator('#figure .estimated').count()).toBe(1)
  })

  it('launches a trajectory at a click, which is in the address', async () => {
    await open('#method=exact')
    const box = await page.locator('#figure .frame').first().boundingBox()
    if (!box) return expect.fail('no plane')
    await page.mouse.click(box.x + 0.75 * box.width, box.y + 0.25 * box.height)
    await settled()
    expect(await page.locator('#figure .launched').count()).toBe(1)
    const { launches } = fromHash(await page.evaluate(() => location.hash))
    expect(launches).toHaveLength(1)
    expect(await page.textContent('.landings')).toMatch(/x = .* at t = .* comes from [\d.-]+/)
  })

  it('launches by the keyboard and takes back', async () => {
    await open('#method=exact')
    await page.focus('#figure')
    for (const key of ['ArrowLeft', 'ArrowUp', 'Enter', 'ArrowDown', 'Enter']) await page.keyboard.press(key)
    expect(await page.locator('#figure .launched').count()).toBe(2)
    await page.keyboard.press('Backspace')
    expect(await page.locator('#figure .launched').count()).toBe(1)
    await settled()
    expect(await page.locator('#figure .cross').count()).toBe(1)
  })

  it('shows the state of its address, and writes it back unchanged', async () => {
    const hash = '#modes=0.5:-1.6:0.25,0.3:1.4:0.25,0.2:0.2:0.2&T=40&method=cd-heun&N=16&launch=20:-12,3:0.5'
    await open(hash)
    expect(await page.locator('#figure .launched').count()).toBe(2)
    expect(await page.locator('.modes .slider').count()).toBe(9)
    expect(await page.isChecked('input[value="cd-heun"]')).toBe(true)
    expect(await page.textContent('#command')).toContain('--time 40 --intervals 16')
    await page.click('#link')
    expect(await page.evaluate(() => location.hash)).toBe(hash)
    expect(toHash(fromHash(hash))).toBe(hash)
  })

  it('follows its sliders', async () => {
    await open('#method=cd-euler&N=4')
    const before = await numbers()
    await page.focus('#N')
    for (let k = 0; k < 3; k++) await page.keyboard.press('ArrowRight')
    await settled()
    await expect.poll(() => page.evaluate(() => location.hash), { timeout: 20_000 }).toContain('N=32')
    expect(await numbers()).not.toBe(before)
    await page.check('input[value="exact"]')
    await settled()
    expect(await page.isDisabled('#N')).toBe(true)
  })

  const handle = (k: number) => page.getByRole('slider', { name: `mean of mode ${k}`, exact: true }).last()
  const centre = async (k: number) => {
    const box = await handle(k).boundingBox()
    return box ? [box.x + box.width / 2, box.y + box.height / 2] : expect.fail('no handle')
  }
  const means = async () => fromHash(await page.evaluate(() => location.hash)).modes.map(({ mean }) => mean)

  it('moves a mode by its handle, which stays under the pointer; the axes are new when it is let go', async () => {
    await open('#method=ct&N=16')
    const plane = () => page.locator('#figure image').getAttribute('href')
    const [before, picture] = [await numbers(), await plane()]
    const [x, y] = await centre(1)
    await page.mouse.move(x, y + 2)
    await page.mouse.down()
    for (const up of [10, 25, 40]) {
      await page.mouse.move(x + 5, y + 2 - up)
      expect(Math.abs((await centre(1))[1] - (y - up))).toBeLessThan(2)
    }
    await settled()
    expect(await plane()).not.toBe(picture)
    await page.mouse.up()
    await settled()
    const mean = Number(await handle(1).getAttribute('aria-valuenow'))
    // 40 pixels of 6.4 c in 380
    const { scale } = dataOf(defaultState.modes, processOf(defaultState.process))
    expect(mean).toBeCloseTo(-0.6 + (40 * 6.4 * scale) / 380, 1)
    expect(await page.textContent('.modes fieldset:first-child')).toContain(mean.toFixed(2))
    expect(await page.textContent('#command')).toContain(`[${mean}]`)
    expect(await numbers()).not.toBe(before)
    await expect.poll(means, { timeout: 20_000 }).toEqual([mean, 1.4])
    // nothing was launched, and the pointer has let go
    expect(await page.locator('#figure .launched').count()).toBe(0)
    await page.mouse.move(x, y + 100)
    expect(Number(await handle(1).getAttribute('aria-valuenow'))).toBe(mean)
    // what is drawn after the drag is what its address shows
    const after = [await plane(), await numbers(), await centre(1)]
    await open(await page.evaluate(() => location.hash))
    expect([await plane(), await numbers(), await centre(1)]).toEqual(after)
  })

  it('moves a mode by the keyboard, within limits that a reader is told', async () => {
    await open('#method=exact')
    await handle(2).focus()
    for (const key of ['ArrowUp', 'ArrowRight', 'PageDown', 'ArrowDown']) await page.keyboard.press(key)
    await expect.poll(means, { timeout: 20_000 }).toEqual([-0.6, 0.95])
    expect(await handle(2).evaluate((element) => element === document.activeElement)).toBe(true)
    for (const [key, value] of [
      ['End', '3'],
      ['ArrowUp', '3'],
      ['Home', '-3'],
    ]) {
      await page.keyboard.press(key)
      expect(await handle(2).getAttribute('aria-valuenow')).toBe(value)
    }
    expect(
      await handle(2).evaluate((element) =>
        ['role', 'aria-orientation', 'aria-valuemin', 'aria-valuemax', 'aria-valuetext'].map((name) =>
          element.getAttribute(name),
        ),
      ),
    ).toEqual(['slider', 'vertical', '-3', '3', '-3.00'])
    expect(await page.locator('#figure .cross').count()).toBe(0)
    await page.click('text=add a mode')
    expect(await page.locator('.handle').count()).toBe(3)
  })

  it('moves a mode by a finger, without scrolling', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 700 }, hasTouch: true })
    const phone = await context.newPage()
    await phone.goto(`${address}#method=exact`)
    await phone.waitForFunction(() => !document.querySelector('.computing'))
    const box = await phone.locator('.handle').first().boundingBox()
    if (!box) return expect.fail('no handle')
    expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(24)
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    const session = await context.newCDPSession(phone)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', top: number) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: type === 'touchEnd' ? [] : [{ x, y: top }],
      })
    await touch('touchStart', y)
    for (const down of [10, 20, 30]) await touch('touchMove', y + down)
    await touch('touchEnd', y + 30)
    expect(Number(await phone.locator('.handle').first().getAttribute('aria-valuenow'))).toBeLessThan(-0.9)
    expect(await phone.evaluate(() => scrollY)).toBe(0)
    await context.close()
  })

  it('writes its address a few times a second at most, and the last state in the end', async () => {
    await open('#method=exact')
    await page.evaluate(() => {
      const write = history.replaceState.bind(history)
      Object.assign(globalThis, { written: 0 })
      history.replaceState = (...values) => {
        Object.assign(globalThis, { written: (globalThis as unknown as { written: number }).written + 1 })
        write(...values)
      }
    })
    await handle(1).focus()
    const start = Date.now()
    for (let k = 0; k < 20; k++) await page.keyboard.press('ArrowDown')
    await expect.poll(means, { timeout: 20_000 }).toEqual([-1.6, 1.4])
    const most = 2 + (Date.now() - start) / 400
    expect(
      await page.evaluate(() => (globalThis as unknown as { written: number }).written),
    ).toBeLessThanOrEqual(most)
  })

  it('has every process, with its own time on the axis, in the address and in the command', async () => {
    await open('#method=cd-heun&N=16&launch=3:2')
    for (const kind of processKinds) {
      await page.selectOption('#process', kind)
      await settled()
      const figure = await page.textContent('#figure')
      expect(figure).toContain(`time t, ${processes[kind].name}`)
      const last = kind === 've' ? '10' : kind === 'ddpm' ? '1000' : '1'
      expect(figure).toContain(`place x at t = ${last}`)
      expect(figure).toContain('place x at t = 0')
      expect(await page.textContent('#command')).toContain(`"kind":"${kind}"`)
      expect(await page.textContent('#command')).toContain(`--time ${last} `)
      expect(await page.locator('#figure .launched').count()).toBe(1)
      // the launched point has one origin in every process
      expect(await page.textContent('.landings')).toMatch(/comes from 1\.114, f̂ says 1\.1/)
      await expect
        .poll(async () => fromHash(await page.evaluate(() => location.hash)).process.kind, {
          timeout: 20_000,
        })
        .toBe(kind)
    }
  })

  it('takes formulas of an interpolant, and says what is wrong with others', async () => {
    await open('#process=interpolant')
    await page.fill('#alpha', '1 - t^2')
    await page.press('#alpha', 'Enter')
    await page.fill('#sigma', 't')
    await page.press('#sigma', 'Enter')
    await settled()
    expect(await page.textContent('#command')).toContain('"alpha":"1 - t^2","sigma":"t","maximumTime":1')
    await expect
      .poll(async () => fromHash(await page.evaluate(() => location.hash)).process, { timeout: 20_000 })
      .toEqual({ kind: 'interpolant', alpha: '1 - t^2', sigma: 't' })
    await page.fill('#sigma', 't * (1 - t)')
    await page.press('#sigma', 'Enter')
    expect(await page.textContent('#formula-problem')).toMatch(/sigma.* at t = 1.* above 0/)
    expect(await page.getAttribute('#sigma', 'aria-invalid')).toBe('true')
    expect(await page.textContent('#command')).toContain('"sigma":"t"')
    await page.selectOption('#process', 've')
    expect(await page.isVisible('#sigma')).toBe(false)
    await page.focus('#T')
    await page.keyboard.press('End')
    await settled()
    expect(await page.textContent('#command')).toContain('--time Infinity')
    expect(await page.textContent('#figure')).toContain('place x at t = ∞')
  })

  it('does not move where motion is not wanted, and fits a small dark screen', async () => {
    const small = await browser.newPage({
      viewport: { width: 390, height: 800 },
      colorScheme: 'dark',
      reducedMotion: 'reduce',
    })
    await small.goto(`${address}#method=exact&launch=3:2`)
    await small.waitForFunction(() => !document.querySelector('.computing'))
    await small.focus('#figure')
    await small.keyboard.press('Enter')
    expect(await small.locator('.launching .launched').count()).toBe(2)
    const motion = await small.evaluate(() => ({
      animation: getComputedStyle(Array.from(document.querySelectorAll('.launched')).at(-1) as Element)
        .animationName,
      overflow: document.documentElement.scrollWidth - innerWidth,
    }))
    expect(motion).toEqual({ animation: 'none', overflow: 0 })
    await small.close()
  })

  it('complains about nothing', () => {
    expect(complaints).toEqual([])
  })
})
