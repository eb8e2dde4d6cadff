import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/errors.ts'
import { ramp } from '../../src/figures/colour-ramp.ts'
import { type ErrorSeries, embedErrors } from '../../src/report/error-series.ts'
import { packErrors, unpackErrors } from '../../src/report/packed-errors.ts'

describe('packed errors', () => {
  it('take two characters each and come back right to half a step', () => {
    const errors = Float64Array.from({ length: 5000 }, (_, i) => 10 ** (-12 + (13 * i) / 4999))
    const packed = packErrors(errors)
    expect(packed.text).toHaveLength(10_000)
    const step = 13.002 / 4093
    for (const [i, error] of unpackErrors(packed).entries())
      expect(Math.abs(Math.log10(error / errors[i]))).toBeLessThan(step / 2 + 1e-12)
  })

  it('keep zeros and what is not finite, whatever stands beside them', () => {
    const size = fc.double({ min: 1e-16, max: 1e6, noNaN: true })
    const one = fc.oneof(size, fc.constantFrom(0, Number.NaN, Infinity))
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 40 }), (errors) => {
        const { range, text } = packErrors(errors)
        expect(text).toMatch(/^[\w-]*$/)
        for (const [i, error] of unpackErrors({ range, text }).entries()) {
          if (errors[i] === 0 || !Number.isFinite(errors[i]))
            expect(error).toBe(errors[i] === 0 ? 0 : Number.NaN)
          else
            expect(Math.abs(Math.log10(error / errors[i]))).toBeLessThan(1e-3 + (range[1] - range[0]) / 4093)
        }
      }),
    )
  })

  it('are small: 64² cells at 7 times for 11 methods in 0.64 MB', () => {
    const errors = Float64Array.from({ length: 64 * 64 }, (_, i) => 1e-9 * (i + 1))
    const map = JSON.stringify(packErrors(errors)).length
    expect(map * 7 * 11).toBeLessThan(640_000)
  })
})

describe('errors for a page', () => {
  const series: ErrorSeries = {
    figure: 'error-maps',
    dimension: 2,
    nodes: 2,
    halfWidth: 3,
    axes: ['a', 'b'],
    times: [
      { time: 1, centre: [0, 0], scale: 1 },
      { time: 2, centre: [0, 0], scale: 2 },
    ],
    methods: [
      { method: 'pinn', errors: [new Float64Array([1e-3, 1e-4, 2e-3, 5e-2]), new Float64Array(4).fill(0.1)] },
    ],
  }

  it('have one scale of whole decades for all times', () => {
    const { decades, ramp: colours } = embedErrors(series)
    expect(decades).toEqual([-4, -1])
    expect(colours).toHaveLength(7 * ramp.length)
    expect(colours.slice(0, 7)).toBe(ramp[0])
  })

  it('are one picture on the line, the first time lowest', () => {
    const line: ErrorSeries = {
      ...series,
      dimension: 1,
      times: [1, 2, 3].map((time) => ({ time, centre: [0], scale: 1 })),
      methods: [{ method: 'pinn', errors: [1e-1, 1e-2, 1e-3].map((error) => [error, 2 * error]) }],
    }
    const [{ errors }] = embedErrors(line).methods
    expect(errors).toHaveLength(1)
    expect(Array.from(unpackErrors(errors[0]), (error) => Number(error.toPrecision(2)))).toEqual([
      0.1, 0.2, 0.01, 0.02, 0.001, 0.002,
    ])
    expect(() => embedErrors({ ...line, nodes: 3 })).toThrow(/number of errors of pinn is 2; expected 3/)
  })

  it('are refused where they do not fit the grid or the times', () => {
    const [{ errors }] = series.methods
    expect(() => embedErrors({ ...series, nodes: 3 })).toThrow(/number of errors of pinn is 4; expected 9/)
    expect(() => embedErrors({ ...series, methods: [{ method: 'pinn', errors: errors.slice(1) }] })).toThrow(
      InputError,
    )
  })
})
