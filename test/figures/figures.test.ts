import { Resvg } from '@resvg/resvg-js'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/errors.ts'
import { type Figure, figurePng, figures } from '../../src/figures/index.ts'
import { overlap } from '../../src/figures/text.ts'
import * as synthetic from './synthetic.ts'
import { textBoxes } from './text-boxes.ts'

interface Example {
  readonly cases: Record<string, () => Figure>
  readonly golden: () => Figure
  /** The same in one dimension. */
  readonly other?: () => Figure
}

/** Figures that are looked through, and a small one that is kept. A new figure has an entry here. */
const examples = {
  dataAndSamples: {
    cases: {
      'data and samples, 2-D': () => figures.dataAndSamples(synthetic.samples(2, 8)),
      'data and samples, 1-D': () => figures.dataAndSamples(synthetic.samples(1, 5)),
    },
    golden: () => figures.dataAndSamples(synthetic.samples(2, 2, 60)),
    other: () => figures.dataAndSamples(synthetic.samples(1, 2, 60)),
  },
  trajectories: {
    cases: {
      'trajectories, 2-D': () => figures.trajectories(synthetic.paths(2)),
      'trajectories, 1-D': () => figures.trajectories(synthetic.paths(1)),
    },
    golden: () => figures.trajectories(synthetic.paths(2, 9)),
    other: () => figures.trajectories(synthetic.paths(1, 9)),
  },
  errorMaps: {
    cases: {
      'error maps, raster': () => figures.errorMaps(synthetic.maps()),
      'error maps, scattered': () => figures.errorMaps(synthetic.scatteredMaps()),
    },
    golden: () => figures.errorMaps(synthetic.maps(2, 25)),
  },
  mapCurves: {
    cases: { 'map curves': () => figures.mapCurves(synthetic.curves()) },
    golden: () => figures.mapCurves(synthetic.curves()),
  },
  errorAgainstWork: {
    cases: { 'error against work': () => figures.errorAgainstWork(synthetic.work()) },
    golden: () => figures.errorAgainstWork(synthetic.work()),
  },
  certificateByTime: {
    cases: { 'certificate by time': () => figures.certificateByTime(synthetic.certificates()) },
    golden: () => figures.certificateByTime(synthetic.certificates()),
  },
  trainingCurve: {
    cases: {
      'training curve': () => figures.trainingCurve(synthetic.training()),
      'training curve, loss only': () => figures.trainingCurve(synthetic.training(false)),
    },
    golden: () => figures.trainingCurve(synthetic.training(true, 240)),
  },
  linePanels: {
    cases: { 'panels of lines and dots': () => figures.linePanels(synthetic.panels()) },
    golden: () => figures.linePanels(synthetic.panels()),
  },
  imageGrid: {
    cases: { images: () => figures.imageGrid(synthetic.images()) },
    golden: () => figures.imageGrid(synthetic.images()),
    other: () => figures.imageGrid(synthetic.colourImages()),
  },
  convergence: {
    cases: { convergence: () => figures.convergence(synthetic.orders()) },
    golden: () => figures.convergence(synthetic.orders()),
  },
  heatMap: {
    cases: { 'heat map': () => figures.heatMap(synthetic.heat()) },
    golden: () => figures.heatMap(synthetic.heat()),
  },
} satisfies Record<keyof typeof figures, Example>

const cases = Object.values(examples).flatMap((example) => Object.entries<() => Figure>(example.cases))

// after a wanted change: vitest run test/figures -u, and look at every file that differs
describe.each(Object.entries<Example>(examples))('%s', (name, { golden, other }) => {
  it('looks as it did', async () => {
    await expect(golden().svg).toMatchFileSnapshot(`golden/${name}.svg`)
    if (other) await expect(other().svg).toMatchFileSnapshot(`golden/${name}1.svg`)
  })
})

describe.each(cases)('%s', (_name, make) => {
  const figure = make()

  it('is well-formed XML that a strict parser reads, of the size it says', () => {
    const image = new Resvg(figure.svg)
    expect(figure.svg).toContain(`width="${image.width}" height="${image.height}"`)
  })

  it('gives the same bytes again', () => {
    expect(make().svg).toBe(figure.svg)
  })

  it('has finite numbers only', () => {
    const attributes = figure.svg.replace(/>[^<]*</g, '><')
    expect(attributes).not.toMatch(/NaN|undefined|Infinity|null/)
  })

  it('has no text below 12 pixels, none outside the picture, and no two that overlap', () => {
    const boxes = textBoxes(figure.svg)
    const { width, height } = new Resvg(figure.svg)
    expect(boxes.length).toBeGreaterThan(8)
    for (const box of boxes) {
      expect(box.size, box.text).toBeGreaterThanOrEqual(12)
      expect(box.x, box.text).toBeGreaterThanOrEqual(0)
      expect(box.y, box.text).toBeGreaterThanOrEqual(0)
      expect(box.x + box.width, box.text).toBeLessThanOrEqual(width)
      expect(box.y + box.height, box.text).toBeLessThanOrEqual(height)
    }
    const pairs = boxes.flatMap((a, i) => boxes.slice(i + 1).map((b) => [a, b] as const))
    expect(pairs.filter(([a, b]) => overlap(a, b)).map(([a, b]) => [a.text, b.text])).toEqual([])
  })

  it('has ids of its own, and uses no others', () => {
    const ids = [...figure.svg.matchAll(/ id="([^"]*)"/g)].map((match) => match[1] ?? '')
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id.startsWith(figure.name)).toBe(true)
    for (const [, id] of figure.svg.matchAll(/url\(#([^)]*)\)/g)) expect(ids).toContain(id)
  })

  it('names every series that a mark says it belongs to, and gives every panel its axes', () => {
    const text = (attribute: string) =>
      [...figure.svg.matchAll(new RegExp(` ${attribute}="([^"]*)"`, 'g'))].map(([, value]) =>
        JSON.parse(
          value
            .replaceAll('&quot;', '"')
            .replaceAll('&#39;', "'")
            .replace(/&(amp|lt|gt);/g, '_'),
        ),
      )
    const [names = []] = text('data-series')
    for (const { methods } of names) expect(methods.length).toBeGreaterThan(0)
    const numbers = text('data-of')
    expect(new Set(numbers)).toEqual(new Set(names.keys()))
    for (const { x, y, frame } of text('data-panel')) {
      for (const { label, domain } of [x, y]) {
        expect(label).not.toBe('')
        expect(domain[1]).toBeGreaterThan(domain[0])
      }
      expect(frame.every((value: number) => value > 0)).toBe(true)
    }
  })

  it('explains itself in one sentence, to screen readers too', () => {
    expect(figure.caption).toMatch(/\.$/)
    expect(figure.svg).toContain(`<title id="${figure.name}-title">`)
    expect(figure.svg).toContain(`<desc id="${figure.name}-caption">`)
  })
})

describe('names from outside', () => {
  const { awkward } = synthetic
  const titled: Record<string, () => Figure> = {
    title: () => figures.errorAgainstWork({ ...synthetic.work(), title: awkward }),
    axis: () => figures.errorAgainstWork({ ...synthetic.work(), workLabel: awkward }),
    legend: () => figures.errorAgainstWork({ ...synthetic.work(), baseline: { label: awkward, error: 0.3 } }),
    facet: () => figures.dataAndSamples(synthetic.samples(2, 8)),
    control: () =>
      figures.errorAgainstWork({ ...synthetic.work(), errorLabel: 'a\u0000b\u001b[31m\uffff\ud800c' }),
  }

  it.each(Object.entries(titled))('are text, never markup: %s', (_place, make) => {
    const { svg } = make()
    expect(svg).not.toContain('<script')
    expect(svg.match(/<svg/g)).toHaveLength(1)
    expect(svg.match(/<\/svg>/g)).toHaveLength(1)
    expect(() => new Resvg(svg)).not.toThrow()
  })

  it('are shown whole', () => {
    const { svg } = figures.errorAgainstWork(synthetic.work())
    expect(textBoxes(svg).some((box) => box.text === awkward)).toBe(true)
  })
})

describe('numbers that cannot be drawn', () => {
  const work = { title: 't', workLabel: 'w', errorLabel: 'e' }

  it('are counted in the legend of logarithmic figures', () => {
    const line = { label: 'exact', work: [1, 2, 4, 8], error: [1e-3, 0, Number.NaN, 1e-6] }
    const { svg } = figures.errorAgainstWork({ ...work, lines: [line] })
    expect(svg).toContain('exact (2 not shown: zero or not finite)')
  })

  it('leave an empty frame when there are no others', () => {
    const bad = { label: 'bad', work: [1, 2], error: [Number.NaN, Infinity] }
    const { svg } = figures.errorAgainstWork({ ...work, lines: [bad] })
    expect(svg).not.toContain('NaN"')
    expect(svg).toContain('bad (2 not shown: zero or not finite)')
    expect(() => new Resvg(svg)).not.toThrow()
  })

  it('are counted when samples lie outside the axes', () => {
    const data = { label: 'data', dimension: 1, values: [0, 0.5, 1] }
    const wild = { label: 'wild', dimension: 1, values: [0.5, 1e9, Number.NaN, 0.4] }
    const { svg } = figures.dataAndSamples({ title: 't', data, methods: [wild], axes: ['x'] })
    expect(svg).toContain('50.0\u00a0%\u00a0outside')
  })

  it('keep the colours of an error map: the scale says what lies beyond it', () => {
    const errors = Array.from({ length: 10_000 }, (_, i) =>
      i === 5 ? 1e30 : i === 6 ? 0 : 1e-3 * (1 + (i % 7)),
    )
    const map = { label: 'm', errors, columns: 100, rows: 100 }
    const shape = { extent: { x: [-1, 1], y: [-1, 1] }, axes: ['a', 'b'] } as const
    const { svg } = figures.errorMaps({ title: 't', ...shape, methods: [map] })
    expect(svg).toContain('≤ 10⁻³')
    expect(svg).toContain('≥ 10⁻²')
  })
})

describe('what is drawn', () => {
  it('writes fitted slopes and observed orders at the ends of the lines', () => {
    const h = [0.4, 0.2, 0.1]
    const line = (order: number) => ({
      label: `p${order}`,
      step: h,
      error: h.map((s) => 3 * s ** order),
      order,
    })
    const { svg } = figures.convergence({
      title: 't',
      stepLabel: 'h',
      errorLabel: 'e',
      lines: [line(2), line(5)],
    })
    expect(svg).toContain('order 2.00')
    expect(svg).toContain('order 5.00')
    const power = { label: 'x', work: [10, 20, 40], error: [1e-2, 0.25e-2, 0.0625e-2] }
    const other = figures.errorAgainstWork({ title: 't', workLabel: 'w', errorLabel: 'e', lines: [power] })
    expect(other.svg).toContain('slope −2.00')
  })

  it('says in the legend what finds no place beside a crowded line', () => {
    const lines = Array.from({ length: 14 }, (_, i) => ({
      label: `method ${i}`,
      work: [4, 8, 16, 32],
      error: [4, 8, 16, 32].map((w) => (1 + i / 50) / w),
    }))
    const figure = figures.errorAgainstWork({ title: 't', workLabel: 'w', errorLabel: 'e', lines })
    const texts = textBoxes(figure.svg).map((box) => box.text)
    for (let i = 0; i < lines.length; i++)
      expect(texts.filter((text) => `${text} `.startsWith(`method ${i} `))).toHaveLength(1)
    expect(texts.filter((text) => text.includes('slope −1.00'))).toHaveLength(lines.length)
    expect(texts.some((text) => /^method \d+ \(slope −1\.00\)$/.test(text))).toBe(true)
  })

  it('draws at most 1500 points in a panel', () => {
    const { svg } = figures.dataAndSamples(synthetic.samples(2, 1))
    expect(svg.match(/<circle/g)?.length).toBeLessThanOrEqual(342 + 1500 + 2)
    expect(svg.match(/<circle/g)?.length).toBeGreaterThan(342 + 1400)
  })

  it('refuses input that does not fit together, naming it', () => {
    const data = { label: 'data', dimension: 2, values: [0, 1] }
    const method = { label: 'm', dimension: 1, values: [0] }
    expect(() => figures.dataAndSamples({ title: 't', data, methods: [method], axes: ['x', 'y'] })).toThrow(
      InputError,
    )
    expect(() => figures.trajectories({ ...synthetic.paths(2), paths: [[1, 2, 3]] })).toThrow(
      /length of a path is 3/,
    )
    expect(() => figures.errorMaps({ ...synthetic.maps(), methods: [] })).toThrow(InputError)
    const map = { label: 'm', errors: [1, 2, 3], columns: 2, rows: 2 }
    expect(() => figures.errorMaps({ ...synthetic.maps(), methods: [map] })).toThrow(/errors of m is 3/)
    expect(() => figures.mapCurves({ ...synthetic.curves(), methods: [] })).toThrow(InputError)
    expect(() => figures.mapCurves({ ...synthetic.curves(), truth: [1] })).toThrow(
      /values of the truth is 1; expected 81/,
    )
    expect(() => figures.errorAgainstWork({ ...synthetic.work(), lines: [], dots: [] })).toThrow(InputError)
    expect(() => figures.certificateByTime({ ...synthetic.certificates(), networks: [] })).toThrow(InputError)
    expect(() => figures.trainingCurve({ ...synthetic.training(), networks: [] })).toThrow(InputError)
    expect(() => figures.convergence({ ...synthetic.orders(), lines: [] })).toThrow(InputError)
  })

  it('leaves no global document or window behind', () => {
    figures.convergence(synthetic.orders())
    expect('document' in globalThis).toBe(false)
    expect('window' in globalThis).toBe(false)
  })
})

describe('PNG', () => {
  it('is of the size asked for and the same again', async () => {
    const figure = figures.convergence(synthetic.orders())
    const png = Buffer.from(await figurePng(figure, 2))
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    expect(png.readUInt32BE(16)).toBe(2 * new Resvg(figure.svg).width)
    expect(Buffer.from(await figurePng(figure, 2)).equals(png)).toBe(true)
  })

  it('shows text, in a font that comes with the package', async () => {
    const named = (title: string) => figurePng(figures.convergence({ ...synthetic.orders(), title }), 1)
    const [theta, sigma] = await Promise.all([named('θ₂ ‖r‖ 10⁻⁵'), named('σ₂ ‖r‖ 10⁻⁵')])
    expect(Buffer.from(theta).equals(Buffer.from(sigma))).toBe(false)
  })
})
