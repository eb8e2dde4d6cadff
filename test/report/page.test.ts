import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reportHtml } from '../../src/report/index.ts'
import { awkward, work } from '../figures/synthetic.ts'
import { chromiumPath, collectComplaints, launchChromium } from '../playground/chromium.ts'
import { results } from './synthetic.ts'
import { errorAt, nodes, onLine, times, wholeReport } from './whole-page.ts'

const folder = mkdtempSync(join(tmpdir(), 'report-'))
const file = join(folder, 'report.html')
const address = pathToFileURL(file).href

const lineFile = join(folder, 'line.html')
beforeAll(() => {
  writeFileSync(file, reportHtml(wholeReport()))
  writeFileSync(lineFile, reportHtml(wholeReport(onLine)))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe.skipIf(!chromiumPath)('the report, from a file in Chromium', () => {
  let browser: Browser
  let page: Page
  const complaints: string[] = []

  beforeAll(async () => {
    browser = await launchChromium()
    page = await open()
  }, 120_000)
  afterAll(() => browser?.close())

  async function open(options: BrowserContextOptions = {}, from = address): Promise<Page> {
    const opened = await browser.newPage({ viewport: { width: 1100, height: 900 }, ...options })
    opened.setDefaultTimeout(20_000)
    collectComplaints(opened, complaints)
    opened.on('dialog', (dialog) => {
      complaints.push(dialog.message())
      return dialog.dismiss()
    })
    opened.on('request', (request) => {
      if (!/^(file|data):/.test(request.url())) complaints.push(request.url())
    })
    await opened.goto(from)
    return opened
  }

  const tip = async (of = page) =>
    (await of.isVisible('.tip')) ? (await of.locator('.tip > *').allTextContents()).join('\n') : null
  const switchOf = (name: string) =>
    page.locator('.switches label').filter({ hasText: name }).locator('input')
  const shownMaps = () => page.locator('.map:visible h3').allTextContents()

  it('is right before any interaction: all methods, the last time, maps that are painted', async () => {
    expect(await page.locator('tbody tr:visible').count()).toBe(results().methods.length + 1)
    expect(await page.textContent('.switches summary')).toBe('Methods: all 9 shown')
    expect(await page.textContent('.times output')).toBe('t = 11.0 = T')
    expect(await shownMaps()).toEqual(['pinn', 'cd', awkward])
    const colours = await page.locator('.map canvas').evaluateAll((all) =>
      all.map((one) => {
        const canvas = one as HTMLCanvasElement
        const context = canvas.getContext('2d') as CanvasRenderingContext2D
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
        return { opaque: data.every((byte, i) => i % 4 < 3 || byte === 255), first: data.slice(0, 3).join() }
      }),
    )
    expect(colours.map(({ opaque }) => opaque)).toEqual([true, true, true])
    // one scale for all: smaller errors are other colours
    expect(new Set(colours.map(({ first }) => first)).size).toBe(3)
    expect(await tip()).toBeNull()
  })

  it('says the values under the pointer', async () => {
    const { lines } = work()
    const dot = page.locator('figure[data-figure="error-against-work"] [data-values="dot"][data-of="5"]')
    const third = dot.locator('> *').nth(2)
    await third.hover()
    const said = (await tip()) ?? ''
    const [label, x, y] = said.split('\n')
    expect(label).toBe(lines[5].label)
    expect(x).toMatch(/^score evaluations per point: /)
    expect(Number(x.split(': ')[1])).toBeCloseTo(lines[5].work[2], 1)
    expect(Number(y.split(': ')[1]) / lines[5].error[2]).toBeCloseTo(1, 2)
    await page.mouse.move(2, 2)
    expect(await tip()).toBeNull()
  })

  it('says the values along lines and of coloured cells', async () => {
    const line = page.locator(
      'figure[data-figure="certificate-by-time"] [data-values="line"][data-of="0"] path',
    )
    const { x, y } = await line.first().evaluate((path) => {
      const { x, y } = (path as SVGPathElement).getPointAtLength(100)
      const at = (path as SVGPathElement).getScreenCTM()?.transformPoint?.({ x, y } as DOMPointInit)
      path.scrollIntoView({ block: 'center' })
      const moved = new DOMPoint(x, y).matrixTransform((path as SVGPathElement).getScreenCTM() as DOMMatrix)
      return at ?? moved
    })
    await page.mouse.move(x, y)
    expect(await tip()).toMatch(
      /^(pinn|cd|ct|a<b>.*)\nθ = arctan\(t\/c\) \(rad\): [\d.]+\n‖r‖ dt\/dθ .*: [\d.]+/,
    )
    const trained = page
      .locator('figure[data-figure="line-panels"] [data-values="dot"] path[transform]')
      .last()
    await trained.hover()
    expect(await tip()).toBe('trained\nN: 16.0\nloss: 0.200')
    await page.locator('figure[data-figure="training-curve"] rect[data-text]').nth(20).hover()
    expect(await tip()).toMatch(/^pinn, steps \d+ to \d+, [\d.]+ to [\d.]+: 0\.\d+$/)
  })

  it('steps through the values with the arrow keys, and says them aloud', async () => {
    const card = page.locator('figure[data-figure="error-against-work"] .card')
    await card.focus()
    await page.keyboard.press('ArrowRight')
    const { lines } = work()
    expect(await tip()).toContain(`${lines[0].label}\n`)
    await page.keyboard.press('ArrowRight')
    expect(await tip()).toContain('per point: 32.0')
    await page.keyboard.press('ArrowDown')
    expect(await tip()).toContain(`${lines[1].label}\n`)
    expect(await page.textContent('.spoken[aria-live]')).toBe(((await tip()) ?? '').replaceAll('\n', ', '))
    await page.keyboard.press('Escape')
    expect(await tip()).toBeNull()
    expect(await card.getAttribute('aria-describedby')).toBe('keys')
  })

  it('switches a method off and on: table, text, every figure, the maps, and what the pointer finds', async () => {
    await page.click('.switches summary')
    const marks = (figure: string, label: string) =>
      page.locator(`figure[data-figure="${figure}"] svg`).evaluate((svg, name) => {
        const series: { label: string }[] = JSON.parse((svg as SVGElement).dataset.series ?? '')
        const own = series.findIndex((one) => one.label === name)
        const all = Array.from(svg.querySelectorAll(`[data-of="${own}"]`))
        return [all.length, all.filter((mark) => getComputedStyle(mark).display === 'none').length]
      }, label)
    const everywhere = async () =>
      (await Promise.all(
        ['error-against-work', 'certificate-by-time', 'training-curve', 'data-and-samples'].map((figure) =>
          marks(figure, 'pinn'),
        ),
      )) as [number, number][]
    await switchOf('pinn').uncheck()
    expect(await page.textContent('.switches summary')).toBe('Methods: 8 of 9 shown')
    expect(await page.locator('tbody tr:visible').filter({ hasText: 'pinn' }).count()).toBe(0)
    expect(await page.getByText('pinn is good.').isVisible()).toBe(false)
    expect(await shownMaps()).toEqual(['cd', awkward])
    for (const [all, hidden] of await everywhere()) {
      expect(all).toBeGreaterThan(1)
      expect(hidden).toBe(all)
    }
    const card = page.locator('figure[data-figure="certificate-by-time"] .card')
    await card.focus()
    await page.keyboard.press('ArrowRight')
    expect(await tip()).toMatch(/^cd\n/)
    // and only it
    expect(await marks('certificate-by-time', 'cd')).toEqual([expect.any(Number), 0])
    await switchOf(awkward).uncheck()
    expect(await shownMaps()).toEqual(['cd'])
    expect(await page.getByText(`${awkward} is odd.`).isVisible()).toBe(false)
    await page.click('text=None')
    expect(await page.locator('tbody tr:visible').count()).toBe(0)
    await page.click('.all >> text=All')
    expect(await page.locator('tbody tr:visible').count()).toBe(9)
    for (const [, hidden] of await everywhere()) expect(hidden).toBe(0)
    await page.click('.switches summary')
  })

  const errorsShown = async () => (await page.locator('.map .value').allTextContents()).map(Number)
  const expected = (time: number, column: number, row: number) =>
    [0, 1, 2].map((method) => errorAt(method, time, row * nodes + column))
  const expectErrors = async (time: number, column: number, row: number) => {
    const shown = await errorsShown()
    // two digits
    for (const [i, error] of expected(time, column, row).entries())
      expect(Math.abs(shown[i] / error - 1)).toBeLessThan(0.06)
  }

  it('shows the errors of all methods at the place under the pointer', async () => {
    const canvas = page.locator('.map canvas').first()
    await canvas.scrollIntoViewIfNeeded()
    const box = await canvas.boundingBox()
    if (!box) return expect.fail('no map')
    await page.mouse.move(box.x + (2.5 / nodes) * box.width, box.y + (1.5 / nodes) * box.height)
    await expectErrors(2, 2, nodes - 2)
    expect(await page.locator('.cross:visible').count()).toBe(3)
    expect(await page.textContent('.readout')).toMatch(
      /^pinn: 2\.1 at y = \(-1\.64, 2\.18\), x = \(-17\.1, 23\.1\), t = 11\.0 = T$/,
    )
    // from map to map
    const next = await page.locator('.map canvas').nth(1).boundingBox()
    if (!next) return expect.fail('no map')
    await page.mouse.move(next.x + (0.5 / nodes) * next.width, next.y + (0.5 / nodes) * next.height)
    await expectErrors(2, 0, nodes - 1)
    expect(await page.textContent('.readout')).toMatch(/^cd: /)
    await page.mouse.move(2, 2)
    expect(await page.locator('.cross:visible').count()).toBe(0)
  })

  it('goes through time with the slider and through space with the arrow keys', async () => {
    await page.focus('#error-time')
    const picture = () =>
      page
        .locator('.map canvas')
        .nth(1)
        .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL())
    const before = await picture()
    await page.keyboard.press('ArrowLeft')
    expect(await page.getAttribute('#error-time', 'aria-valuetext')).toBe('t = 2.00')
    expect(await page.textContent('.times output')).toBe('t = 2.00')
    expect(await picture()).not.toBe(before)
    await page.locator('.map canvas').nth(1).focus()
    for (const key of ['ArrowUp', 'ArrowUp', 'ArrowRight', 'ArrowLeft', 'ArrowLeft'])
      await page.keyboard.press(key)
    const middle = nodes >> 1
    await expectErrors(1, middle - 1, middle + 1)
    const [, second] = await page.locator('.map .value').allTextContents()
    expect(await page.textContent('.readout')).toContain(`cd: ${second} at y = (-0.545, 0.545), x = `)
    await page.keyboard.press('PageDown')
    expect(await page.textContent('.times output')).toBe('t = 0.500')
    await expectErrors(0, middle - 1, middle + 1)
    const median = expected(0, middle, middle)[1]
    expect(await page.locator('.map canvas').nth(1).getAttribute('aria-label')).toMatch(
      new RegExp(`^Errors of cd: median ${String(median).slice(0, 4)}`),
    )
    for (const key of ['PageUp', 'PageUp', 'Escape']) await page.keyboard.press(key)
    expect(await picture()).toBe(before)
    expect(await errorsShown()).toEqual([0, 0, 0])
  })

  it('has one map over place and time on the line, without a slider', async () => {
    const line = await open({}, pathToFileURL(lineFile).href)
    expect(await line.locator('.times').count()).toBe(0)
    const size = await line
      .locator('.map canvas')
      .first()
      .evaluate((canvas) => [(canvas as HTMLCanvasElement).width, (canvas as HTMLCanvasElement).height])
    expect(size).toEqual([nodes, times.length])
    await line.locator('.map canvas').first().focus()
    // the middle, then as far up as it goes, and one down
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowUp', 'ArrowUp', 'ArrowDown'])
      await line.keyboard.press(key)
    const column = (nodes >> 1) + 1
    const shown = (await line.locator('.map .value').allTextContents()).map(Number)
    for (const [i, value] of shown.entries())
      expect(Math.abs(value / errorAt(i, 1, column) - 1)).toBeLessThan(0.06)
    expect(await line.textContent('.readout')).toMatch(/^pinn: .* at y = 0\.545, x = 2\.22, t = 2\.00$/)
    await line.keyboard.press('ArrowUp')
    expect(await line.textContent('.readout')).toMatch(/t = 11\.0 = T$/)
    await line.close()
  })

  it('is dark or light as the system has it, until the reader chooses', async () => {
    const paper = (of: Page) => of.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const [white, black] = ['rgb(255, 255, 255)', 'rgb(22, 24, 27)']
    expect(await paper(page)).toBe(white)
    const dark = await open({ colorScheme: 'dark' })
    expect(await paper(dark)).toBe(black)
    const text = dark.locator('figure[data-figure="error-against-work"] svg text').first()
    expect(await text.evaluate((one) => getComputedStyle(one).fill)).toBe('rgb(232, 232, 232)')
    await dark.click('.theme')
    expect(await paper(dark)).toBe(white)
    await dark.reload()
    expect(await paper(dark)).toBe(white)
    expect(await dark.textContent('.theme')).toBe('Dark')
    await dark.emulateMedia({ media: 'print', colorScheme: 'dark' })
    expect(await paper(dark)).toBe(white)
    await dark.close()
  })

  it('fits a phone', async () => {
    const phone = await open({ viewport: { width: 390, height: 800 }, hasTouch: true })
    expect(await phone.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
    await phone.click('.switches summary')
    expect(await phone.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
    await phone.click('.switches summary')
    // the most accurate of all, alone at the lower edge
    const dot = phone
      .locator('figure[data-figure="error-against-work"] [data-values="dot"][data-of="3"] > *')
      .last()
    await dot.evaluate((one) => one.scrollIntoView({ block: 'center', inline: 'center' }))
    const box = await dot.boundingBox()
    if (!box) return expect.fail('no dot')
    await phone.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2)
    expect(await tip(phone)).toContain(work().lines[3].label)
    await phone.close()
  })

  it('is whole without its script', async () => {
    const still = await open({ javaScriptEnabled: false, colorScheme: 'dark' })
    expect(await still.locator('tbody tr:visible').count()).toBe(9)
    expect(await still.locator('figure svg:visible').count()).toBe(7)
    expect(await still.locator('figure[data-figure="error-maps"] svg image').count()).toBe(6)
    expect(await still.locator('.tools, .times, canvas').count()).toBe(0)
    expect(await still.getByText('pinn is good.').isVisible()).toBe(true)
    await still.close()
  })

  it('runs no script but its own, and takes names as text', async () => {
    expect(await page.title()).toBe(`A report of ${awkward}`)
    expect(await page.locator('script:not([type])').count()).toBe(1)
    expect(await page.locator('h1 b, .map b, .tip b, .switches b, th b').count()).toBe(0)
    const other = await open()
    const ran = await other.evaluate(() => {
      const script = document.createElement('script')
      script.textContent = 'document.title = "hijacked"'
      document.body.append(script)
      return document.title
    })
    expect(ran).not.toBe('hijacked')
    // this one complaint is the policy's
    expect(complaints.splice(0)).toEqual([expect.stringContaining('Content Security Policy')])
    await other.close()
  })

  it('complains about nothing', () => {
    expect(complaints).toEqual([])
  })
})
