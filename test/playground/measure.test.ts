import { describe, expect, it } from 'vitest'
import { carryLaunches } from '../../playground/compute/carry.ts'
import { problemOf } from '../../playground/compute/command.ts'
import { coordinatesOf, HEIGHT } from '../../playground/compute/coordinates.ts'
import { dataOf } from '../../playground/compute/data.ts'
import { measure } from '../../playground/compute/measure.ts'
import { trajectoryThrough } from '../../playground/compute/trajectory.ts'
import { type ProcessChoice, processes, processOf } from '../../playground/state/process.ts'
import { defaultState, methodNames, type State } from '../../playground/state/state.ts'
import { cdFixedPoint, ctFixedPoint } from '../../solvers/fixed-points/index.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { exact } from '../../src/exact/exact.ts'
import { rowMajor } from '../../src/points/points.ts'
import { solve } from '../../src/solve.ts'

const ve = processOf({ kind: 've' })
const ownData = dataOf(defaultState.modes, ve)

const state = (changes: Partial<State>): State => ({ ...defaultState, intervals: 16, ...changes })

describe('what the page computes', () => {
  it.each(methodNames)('%s: the certificate bounds the error, masses add up to 1', (method) => {
    const { relativeError, certificate, residual, steps, masses, histogram, range } = measure(
      state({ method }),
    )
    expect(certificate).toBeGreaterThanOrEqual(relativeError)
    expect(residual).toHaveLength(steps.length - 1)
    for (const parts of [masses.truth, masses.estimate])
      expect(parts.reduce((sum, mass) => sum + mass)).toBeCloseTo(1, 5)
    const mass =
      histogram.reduce((sum, density) => sum + density) * ((range[1] - range[0]) / histogram.length)
    expect(mass).toBeCloseTo(1, 2)
  })

  it('has the exact map where that is asked for', () => {
    const found = measure(state({ method: 'exact', launches: [{ time: 3, x: 2 }] }))
    expect(found.relativeError).toBeLessThan(1e-5)
    expect(Math.max(...found.errors)).toBe(0)
    expect(found.masses.estimate[1]).toBeCloseTo(0.3, 2)
    expect(found.landings[0]).toBe(ownData.flow(3, 2))
  })

  // relative errors of the same fixed points at N = 64 by importance sampling, as the command of the page prints them: 0.124,
  // 0.00657, 3.8e-4 and, with one standard error of 0.0135, 0.630
  it.each([
    ['ct', 0.1245, 0.005],
    ['cd-euler', 6.57e-3, 4e-4],
    ['cd-heun', 3.81e-4, 2e-5],
    ['ct-l1', 0.62, 0.02],
  ] as const)('%s has the relative error %d at N = 64', (method, error, tolerance) => {
    expect(Math.abs(measure(state({ method, intervals: 64 })).relativeError - error)).toBeLessThan(tolerance)
  })

  it('sees the minor mode lose half of its mass under the norm, for any N', () => {
    for (const intervals of [16, 64]) {
      const { masses } = measure(state({ method: 'ct-l1', intervals }))
      expect(masses.truth[1]).toBeCloseTo(0.3, 3)
      expect(masses.estimate[1]).toBeGreaterThan(0.148)
      expect(masses.estimate[1]).toBeLessThan(0.16)
    }
  })

  it('has the boundary of the true map on the trajectory of the separatrix', () => {
    const data = ownData
    const { times, boundaries } = measure(state({ method: 'exact' }))
    times.forEach((t, k) => {
      const x = data.flow(0, data.separatrices[0], t)
      const y = (x - data.mean) / Math.hypot(data.scale, t)
      expect(Math.abs(boundaries[0][k] - y)).toBeLessThan(0.01)
    })
  })

  it('has a plane of finite values that rise with y', () => {
    const { plane, rows, times } = measure(state({ method: 'ct' }))
    expect(plane).toHaveLength(rows * times.length)
    for (let k = 0; k < times.length; k++)
      for (let row = 1; row < rows; row++)
        expect(plane[k * rows + row]).toBeGreaterThan(plane[k * rows + row - 1])
    expect(plane[0]).toBeCloseTo(ownData.mean - HEIGHT * ownData.scale, 5)
  })
})

describe('in the axes of other data', () => {
  it('has the same numbers, and f̂ at the places of those axes', () => {
    const asked = state({ method: 'ct' })
    const frame = { mean: 1, scale: 2 }
    const [own, other] = [measure(asked), measure(asked, frame)]
    for (const key of ['relativeError', 'certificate', 'masses', 'histogram'] as const)
      expect(other[key]).toEqual(own[key])
    // the area of the strip is the certificate in both
    for (const [{ residual, steps, certificate }, axes] of [
      [own, ownData] as const,
      [other, frame] as const,
    ]) {
      const { place } = coordinatesOf(axes, ve, 10)
      const area = residual.reduce((sum, one, k) => sum + one * (place(steps[k + 1]) - place(steps[k])), 0)
      expect(area).toBeCloseTo(certificate, 10)
    }
    const { times, plane, rows, boundaries } = measure(state({ method: 'exact' }), frame)
    expect(times.at(-1)).toBe(10)
    const data = ownData
    for (const k of [1, 9, times.length - 1])
      for (const row of [0, 40, rows - 1]) {
        const y = -HEIGHT + (2 * HEIGHT * row) / (rows - 1)
        const value = data.flow(times[k], 1 + Math.hypot(2, times[k]) * y)
        expect(Math.abs(plane[k * rows + row] - value)).toBeLessThan(1e-5 * (1 + Math.abs(value)))
      }
    const x = data.flow(0, data.separatrices[0], 10)
    expect(boundaries[0].at(-1)).toBeCloseTo((x - 1) / Math.hypot(2, 10), 2)
  })
})

describe('trajectories', () => {
  it('pass through the point they are launched from, and f is constant on them', () => {
    const data = ownData
    const { place, y } = trajectoryThrough(data, coordinatesOf(data, ve, 10), 2, 1.5)
    const start = data.flow(2, 1.5)
    place.forEach((angle, k) => {
      const t = Math.min(10, data.scale * Math.tan(angle))
      const x = data.mean + Math.hypot(data.scale, t) * y[k]
      if (t > 0) expect(data.flow(t, x)).toBeCloseTo(start, 6)
      else expect(x).toBeCloseTo(start, 10)
    })
  })

  it('are the same in other axes', () => {
    const data = ownData
    const coordinates = coordinatesOf({ mean: 1, scale: 2 }, ve, 10)
    const { place, y } = trajectoryThrough(data, coordinates, 2, 1.5)
    place.forEach((angle, k) => {
      const t = coordinates.time(angle)
      expect(coordinates.toX(t, y[k])).toBeCloseTo(data.flow(2, 1.5, t), 8)
    })
    expect(coordinates.time(place[place.length - 1])).toBe(10)
  })
})

const choices: readonly (ProcessChoice & { readonly time: number })[] = [
  { kind: 've', time: Infinity },
  { kind: 'vp', time: 1 },
  { kind: 'subVp', time: 0.6 },
  { kind: 'flowMatching', time: 1 },
  { kind: 'cosine', time: 1 },
  { kind: 'ddpm', time: 1000 },
  { kind: 'interpolant', alpha: '1 - t^2', sigma: 't', time: 1 },
]

describe('in every process', () => {
  it('there is one of each', () => {
    expect(choices.map(({ kind }) => kind).sort()).toEqual(Object.keys(processes).sort())
  })

  it.each(choices)(
    '$kind: the picture is that of the package at its own times and places',
    async (choice) => {
      const { time, ...process } = choice
      const asked = state({ process, time, launches: [{ time, x: 0.8 }], method: 'ct' })
      const problem = parseProblem(problemOf(asked))
      const coordinates = coordinatesOf(ownData, problem.process, time)
      for (const [method, solver] of [
        ['exact', exact()],
        ['ct', ctFixedPoint({ intervals: 16, nodes: 1201 })],
        ['cd-euler', cdFixedPoint({ intervals: 16, solver: 'euler' })],
      ] as const) {
        const found = measure({ ...asked, method })
        const f = await solve(problem, solver, { time })
        expect(found.times.at(-1)).toBe(time)
        expect(found.landings[0]).toBeCloseTo(f.evaluate(time, [0.8]).get(0, 0), 9)
        const { times, plane, rows } = found
        for (const k of [3, 17, times.length - 1])
          for (const row of [20, 90, rows - 1]) {
            const y = -HEIGHT + (2 * HEIGHT * row) / (rows - 1)
            const [value] = rowMajor(f.evaluate(times[k], [coordinates.toX(times[k], y)]))
            expect(Math.abs(plane[k * rows + row] - value)).toBeLessThan(1e-6 * (1 + Math.abs(value)))
          }
        expect(found.certificate).toBeGreaterThanOrEqual(found.relativeError)
        expect(found.steps.at(-1)).toBe(time)
      }
    },
  )

  it.each(choices)('$kind: trajectories pass through their point, from 0 to T', (choice) => {
    const { time, ...spec } = choice
    const process = processOf(spec)
    const data = dataOf(defaultState.modes, process)
    const coordinates = coordinatesOf(data, process, time)
    const t = coordinates.time(0.4 * coordinates.lastPlace)
    const { place, y } = trajectoryThrough(data, coordinates, t, 0.7)
    expect(place[0]).toBe(0)
    expect(place.at(-1)).toBe(coordinates.lastPlace)
    const start = data.flow(t, 0.7)
    expect(coordinates.toX(0, y[0])).toBeCloseTo(start, 9)
    expect(data.flow(time, coordinates.toX(time, y[y.length - 1]))).toBeCloseTo(start, 6)
  })

  it('launched points stay on their trajectories when the process or T changes', () => {
    const before = state({
      launches: [
        { time: 10, x: 4 },
        { time: 0.5, x: 0.9 },
        { time: 0, x: 1.2 },
      ],
    })
    const origins = before.launches.map(({ time, x }) => ownData.flow(time, x))
    for (const { time, ...process } of [...choices, { kind: 've', time: 2 } as const]) {
      const after = carryLaunches(before, { ...before, process, time })
      const data = dataOf(defaultState.modes, processOf(process))
      after.launches.forEach((launch, k) => {
        expect(launch.time).toBeLessThanOrEqual(time)
        expect(data.flow(launch.time, launch.x)).toBeCloseTo(origins[k], 6)
      })
    }
    const same = carryLaunches(before, { ...before, time: 10.5 })
    expect(same.launches).toEqual(before.launches)
  })
})
