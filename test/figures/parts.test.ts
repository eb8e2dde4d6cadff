import { inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cumulativeShare } from '../../src/figures/certificate-by-time.ts'
import { ramp, rampIndex } from '../../src/figures/colour-ramp.ts'
import { observedOrder } from '../../src/figures/convergence.ts'
import { density } from '../../src/figures/data-and-samples.ts'
import { extent, spread } from '../../src/figures/facets.ts'
import { figures } from '../../src/figures/index.ts'
import { legend } from '../../src/figures/legend.ts'
import { logLogSlope } from '../../src/figures/log-log-panel.ts'
import { pngDataUri } from '../../src/figures/raster.ts'
import { residualStrips } from '../../src/figures/residual-strips.ts'
import { seriesStyle } from '../../src/figures/style.ts'
import { escapeXml, overlap, placeLabels, textWidth, wrapText } from '../../src/figures/text.ts'
import { linearTicks, logAxis, powerOfTen } from '../../src/figures/ticks.ts'
import { textBoxes } from './text-boxes.ts'

describe('text', () => {
  it('wraps to the width and loses no word that fits', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, maxLength: 8 })),
        fc.integer({ min: 120, max: 400 }),
        (words, width) => {
          const text = words.join(' ')
          const lines = wrapText(text, width)
          for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width)
          expect(lines.join(' ')).toBe(
            text
              .split(/[ \t\r\n]+/)
              .filter((w) => w !== '')
              .join(' '),
          )
        },
      ),
    )
  })

  it('breaks a word that is too long, after punctuation, and cuts what needs more than three lines', () => {
    expect(wrapText('sampler:dpm-solver++-2m-12', 130)).toEqual(['sampler:dpm-', 'solver++-2m-12'])
    const lines = wrapText('w'.repeat(100), 100)
    expect(lines).toHaveLength(3)
    expect(lines.at(-1)).toMatch(/^w+…$/)
    for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(100)
  })

  it('breaks at a no-break space only where it must', () => {
    expect(wrapText('one two\u00a0three', 70)).toEqual(['one', 'two\u00a0three'])
    expect(wrapText('one two\u00a0three', 40)).toEqual(['one', 'two', 'three'])
  })

  it('escapes so that nothing ends an element or an attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeXml(text)).not.toMatch(/[<>"']|&(?!\w+;|#39;)/)
      }),
    )
  })
})

describe('axes', () => {
  it('holds all values, with 2 to 9 ticks inside', () => {
    const decades = fc.double({ min: -20, max: 20, noNaN: true })
    fc.assert(
      fc.property(decades, fc.double({ min: 0, max: 25, noNaN: true }), (low, width) => {
        const axis = logAxis([10 ** low, 10 ** (low + width)])
        expect(axis.domain[0]).toBeLessThan(10 ** low)
        expect(axis.domain[1]).toBeGreaterThan(10 ** (low + width))
        expect(axis.ticks.length).toBeLessThanOrEqual(9)
        if (width > 0.7) expect(axis.ticks.length).toBeGreaterThanOrEqual(2)
        for (const tick of axis.ticks) {
          expect(tick).toBeGreaterThanOrEqual(axis.domain[0])
          expect(tick).toBeLessThanOrEqual(axis.domain[1])
        }
      }),
    )
  })

  it('writes powers of ten', () => {
    expect(powerOfTen(-12)).toBe('10⁻¹²')
    expect(powerOfTen(0)).toBe('10⁰')
    expect(logAxis([0.0018, 0.3]).ticks.map(logAxis([0.0018, 0.3]).label)).toEqual([
      '0.002',
      '0.005',
      '0.01',
      '0.02',
      '0.05',
      '0.1',
      '0.2',
    ])
    expect(logAxis([2e-6, 4e-6]).ticks.map(logAxis([2e-6, 4e-6]).label)).toEqual(['2·10⁻⁶'])
  })

  it('puts linear ticks at round numbers', () => {
    expect(linearTicks(-1.3, 2.4, 4).map(([, label]) => label)).toEqual(['−1', '0', '1', '2'])
    expect(linearTicks(0, 0.00153).map(([, label]) => label)).toEqual([
      '0',
      '2e−4',
      '4e−4',
      '6e−4',
      '8e−4',
      '1e−3',
      '1.2e−3',
      '1.4e−3',
    ])
    expect(linearTicks(0, 3000, 8).map(([, label]) => label)).toContain('2,500')
    expect(linearTicks(0, 3e6, 3).map(([, label]) => label)).toEqual(['0', '1e6', '2e6', '3e6'])
    expect(linearTicks(-3e6, 0, 3).map(([, label]) => label)).toEqual(['−3e6', '−2e6', '−1e6', '0'])
    expect(linearTicks(5, 5)).toEqual([[5, '5']])
  })

  it('takes extents from finite numbers only', () => {
    expect(extent([1, Number.NaN, 3, Infinity], 0)).toEqual([1, 3])
    expect(extent([])).toEqual([0, 1])
  })
})

describe('numbers', () => {
  it('fits slopes exactly on power laws', () => {
    expect(logLogSlope([1, 2, 4], [3, 3 / 4, 3 / 16])).toBeCloseTo(-2, 12)
    expect(logLogSlope([1, 2], [0, 1])).toBeNull()
  })

  it('takes the order from the two finest steps, in any order of input', () => {
    expect(observedOrder([0.1, 0.2, 0.4], [0.01, 0.08, 7])).toBeCloseTo(3, 12)
    expect(observedOrder([0.4, 0.2, 0.1], [7, 0.08, 0.01])).toBeCloseTo(3, 12)
    expect(observedOrder([0.1], [1])).toBeNull()
    expect(observedOrder([0.1, 0.2, 0.4], [1e-16, 0.01, 0.16], 1e-14)).toBeCloseTo(4, 12)
    expect(observedOrder([0.1, 0.2], [1e-16, 0.01], 1e-14)).toBeNull()
  })

  it('gathers the certificate to one', () => {
    const shares = cumulativeShare([
      [0, 0],
      [1, 2],
      [2, 0],
      [4, 0],
    ])
    expect(shares).toEqual([
      [0, 0],
      [1, 0.5],
      [2, 1],
      [4, 1],
    ])
    expect(
      cumulativeShare([
        [0, 0],
        [1, 0],
      ]),
    ).toEqual([
      [0, 0],
      [1, 0],
    ])
  })

  it('makes densities of mass one', () => {
    const bins = density([0.1, 0.2, 0.25, 0.9], [0, 1], 4)
    expect(bins.reduce((sum, bin) => sum + bin.height * (bin.to - bin.from), 0)).toBeCloseTo(1, 12)
    expect(bins[0]?.height).toBeCloseTo(2, 12)
  })

  it('spreads a choice of points evenly', () => {
    expect(spread(3, 5)).toEqual([0, 1, 2])
    expect(spread(10, 5)).toEqual([0, 2, 4, 6, 8])
  })
})

describe('colours', () => {
  const luminance = (colour: string) => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map(
      (at) => (Number.parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2,
    )
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }

  it('grow lighter all along the ramp, so that grey shows the same', () => {
    for (let i = 8; i < ramp.length; i += 8) {
      expect(luminance(ramp[i] as string)).toBeGreaterThan(luminance(ramp[i - 8] as string))
    }
  })

  it('clamp values outside the scale', () => {
    expect([rampIndex(-9, 0, 1), rampIndex(9, 0, 1), rampIndex(0.5, 0, 1)]).toEqual([0, 255, 128])
  })

  it('differ between series in colour with marker, for 70 series', () => {
    const styles = Array.from({ length: 70 }, (_, i) => seriesStyle(i)).map((s) => `${s.colour} ${s.marker}`)
    expect(new Set(styles).size).toBe(70)
  })
})

describe('raster', () => {
  const decode = (uri: string) => {
    const png = Buffer.from(uri.replace('data:image/png;base64,', ''), 'base64')
    const chunks = new Map<string, Buffer>()
    for (let at = 8; at < png.length; ) {
      const length = png.readUInt32BE(at)
      chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + length))
      at += 12 + length
    }
    return chunks
  }

  it('stores what it was given, in more than one block', () => {
    const [width, height] = [300, 301]
    const indices = Uint8Array.from({ length: width * height }, (_, i) => (i * 7) % 251)
    const chunks = decode(pngDataUri(indices, width, height, ramp))
    const rows = inflateSync(chunks.get('IDAT') as Buffer) // checks the checksum as well
    expect(chunks.get('IHDR')?.readUInt32BE(0)).toBe(width)
    for (let row = 0; row < height; row++) {
      const stored = rows.subarray(row * (width + 1) + 1, (row + 1) * (width + 1))
      expect(stored.equals(indices.subarray(row * width, (row + 1) * width))).toBe(true)
    }
  })

  it('shows the lowest row of an error map at the bottom, and grey where the error is not finite', () => {
    const errors = [1e-4, 1e-4, 1e-1, Number.NaN]
    const map = { label: 'm', errors, columns: 2, rows: 2 }
    const shape = { extent: { x: [-1, 1], y: [-1, 1] }, axes: ['a', 'b'] } as const
    const { svg } = figures.errorMaps({ title: 't', ...shape, methods: [map] })
    const uri = /href="(data:[^"]*)"/.exec(svg)?.[1] ?? ''
    const [, upperLeft, upperRight, , lowerLeft, lowerRight] = inflateSync(decode(uri).get('IDAT') as Buffer)
    expect([upperLeft, upperRight, lowerLeft, lowerRight]).toEqual([254, 255, 0, 0])
    expect(svg).toContain('not finite')
  })
})

describe('strips of residuals', () => {
  const legendOf = (residual: number[]) => {
    const { svg } = residualStrips(
      [{ label: 'a', step: [10], time: [0.25, 0.75], residual: [residual] }],
      { domain: [0, 10], label: 'step' },
      { time: 'θ', residual: 'residual' },
    )
    return [...svg.matchAll(/10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+/g)].map(([text]) => text)
  }

  it('show the decades of their values, one at least and six at most', () => {
    expect(legendOf([2e-3, 0.5])).toEqual(['10⁻³', '10⁻²', '10⁻¹', '10⁰'])
    expect(legendOf([0.2, 0.3])).toEqual(['10⁻¹', '10⁰'])
    expect(legendOf([1, 1])).toEqual(['10⁻¹', '10⁰'])
    expect(legendOf([1e-30, 0.3])).toEqual(['10⁻⁶', '10⁻⁵', '10⁻⁴', '10⁻³', '10⁻²', '10⁻¹', '10⁰'])
  })
})

describe('labels', () => {
  it('of a legend keep apart and inside, however many and however long', () => {
    const label = fc.string({ minLength: 1, maxLength: 60 }).filter((text) => text.trim() !== '')
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 14 }), (labels) => {
        const block = legend(
          labels.map((text, i) => ({ label: text, style: seriesStyle(i), kind: 'line' })),
          500,
        )
        const boxes = textBoxes(`<svg>${block.svg}</svg>`)
        expect(block.width).toBeLessThanOrEqual(504)
        boxes.forEach((a, i) => {
          expect(a.x + a.width).toBeLessThanOrEqual(block.width + 1)
          expect(a.y + a.height).toBeLessThanOrEqual(block.height)
          for (const b of boxes.slice(i + 1)) expect(overlap(a, b)).toBe(false)
        })
      }),
      { numRuns: 25 },
    )
  })

  it('at points keep off each other, off what is taken, and inside the frame', () => {
    const frame = { x: 0, y: 0, width: 400, height: 300 }
    const point = fc.record({ x: fc.integer({ min: 0, max: 400 }), y: fc.integer({ min: 0, max: 300 }) })
    fc.assert(
      fc.property(fc.array(point, { maxLength: 12 }), (points) => {
        const taken = points.map(({ x, y }) => ({ x: x - 5, y: y - 5, width: 10, height: 10 }))
        const placed = placeLabels(
          points.map((p, i) => ({ ...p, text: `slope −${i}.25` })),
          frame,
          taken,
        )
        const labels = placed.filter((label) => label !== null)
        labels.forEach((a, i) => {
          for (const b of [...labels.slice(i + 1), ...taken]) expect(overlap(a, b)).toBe(false)
          expect(a.x >= 0 && a.y >= 0 && a.x + a.width <= 400 && a.y + a.height <= 300).toBe(true)
        })
      }),
    )
    expect(placeLabels([{ x: 200, y: 150, text: 'free' }, null], frame, [])).toEqual([
      expect.objectContaining({ text: 'free', x: 210 }),
      null,
    ])
    expect(placeLabels([{ x: 200, y: 150, text: 'free' }], frame, [frame])).toEqual([null])
  })
})
