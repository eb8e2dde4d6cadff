import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { nearestImages, readImages } from '../../experiments/digits/images.ts'
import { digits } from '../../experiments/digits/index.ts'
import type { LawName } from '../../experiments/digits/laws.ts'
import { digitsFigures, digitsReport } from '../../experiments/digits/report-page.ts'
import { InputError } from '../../src/errors.ts'
import { reportHtml } from '../../src/report/index.ts'

it('digits measures networks against a flow that memorises', async () => {
  const study = await digits({
    seed: 0,
    threads: 1,
    settings: {
      images: 40,
      side: 14,
      ...{ law: 'memorising', fitSteps: 2 },
      networks: [
        { loss: 'pinn', steps: 12 },
        { loss: 'ct', steps: 12 },
      ],
      batch: 32,
      seeds: 1,
      trajectories: 16,
      intervals: 4,
    },
  })
  const { rows } = study.results
  expect(rows.map(({ method }) => method)).toEqual(['characteristics', 'gaussian', 'pinn', 'ct'])
  // a draw from the kernel of a training image is √d bandwidths away from it
  expect(rows[0].memorisation).toBeGreaterThan(0.8)
  expect(rows[0].memorisation).toBeLessThan(1.2)
  expect(rows[1].memorisation).toBeGreaterThan(1.3)
  for (const { relativeError, certificate, certificateInterval, steps } of rows) {
    if (steps === 0) continue
    expect(relativeError).toBeGreaterThan(0)
    // Minkowski on the same trajectories, up to the quadrature in time
    expect(certificate).toBeGreaterThan(0.9 * Number(relativeError))
    expect(certificateInterval).toHaveLength(2)
  }
  const figures = digitsFigures(study)
  expect(figures.map(({ name }) => name)).toEqual(['digits', 'digits-worst', 'certificate-by-time'])
  expect(figures[0].svg.match(/<image /g)).toHaveLength(80)
  for (const label of ['solved flow (truth)', 'gaussian', 'pinn', 'ct'])
    expect(figures[0].svg.split(`>${label}<`)).toHaveLength(2)
  expect(reportHtml(digitsReport(study, figures))).toContain('memorises')
})

const laws = {
  memorising: [/bandwidth 0\.1/, /memorises/],
  wide: [/bandwidth 0\.3/, /chooses among all/],
  factors: [/10 factor analysers of rank 12/, /invents images/],
} as const satisfies Record<LawName, readonly [RegExp, RegExp]>

it.each(Object.keys(laws) as LawName[])('digits under the law %s', async (law) => {
  const [words, truth] = laws[law]
  const study = await digits({
    ...{ seed: 0, threads: 1 },
    settings: {
      ...{ images: 30, side: 14, law, fitSteps: 2, networks: [{ loss: 'direct', steps: 4 }], batch: 16 },
      ...{ seeds: 1, trajectories: 16, intervals: 2 },
    },
  })
  expect(study.results.law).toMatch(words)
  const [solved, , direct] = study.results.rows
  // the solved flow gives draws from the data
  expect(solved.memorisation).toBeGreaterThan(0.8)
  expect(solved.memorisation).toBeLessThan(1.25)
  expect(direct.steps).toBe(4)
  const report = digitsReport(study, digitsFigures(study))
  expect(report.sections[0].paragraphs?.[0]).toMatch(truth)
  // the worst first, and the truth is what the flow makes of the same noise
  const [{ estimates, truth: right }] = study.worst
  const errors = Array.from({ length: 10 }, (_, k) =>
    Math.hypot(...estimates.subarray(k * 196, (k + 1) * 196).map((value, i) => value - right[k * 196 + i])),
  )
  expect(errors).toEqual([...errors].sort((a, b) => b - a))
  expect(errors[0]).toBeGreaterThan(0)
})

it('the images are the digits in turn, and their own nearest', async () => {
  const images = await readImages(20, 28)
  expect([...images.labels]).toEqual([...Array(20).keys()].map((k) => k % 10))
  expect(Math.max(...images.pixels)).toBe(1)
  expect(Math.min(...images.pixels)).toBe(0)
  // a record is a label and 784 bytes, upper row first
  const bytes = gunzipSync(await readFile(new URL('../../data/digits.gz', import.meta.url)))
  const record = bytes.subarray(7 * 785 + 1, 8 * 785)
  expect(images.pixels.subarray(7 * 784, 8 * 784)).toEqual(Float64Array.from(record, (byte) => byte / 255))
  const small = await readImages(8, 14)
  const [row, column] = [2 * 6, 2 * 9]
  const four = [0, 1, 28, 29].map((k) => record[28 * row + column + k])
  const mean = four.reduce((sum, byte) => sum + byte, 0) / (4 * 255)
  expect(mean).toBeGreaterThan(0)
  expect(small.pixels[7 * 196 + 14 * 6 + 9]).toBeCloseTo(mean, 14)
  const own = nearestImages(images.pixels, images)
  expect(own.map(({ index }) => index)).toEqual([...Array(20).keys()])
  await expect(readImages(2001, 28)).rejects.toThrow(InputError)
})
