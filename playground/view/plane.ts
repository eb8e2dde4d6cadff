import type { Coordinates } from '../compute/coordinates.ts'
import type { Data } from '../compute/data.ts'
import type { Result } from '../compute/measure.ts'
import { type Trajectory, trajectoryThrough } from '../compute/trajectory.ts'
import { processes } from '../state/process.ts'
import type { State } from '../state/state.ts'
import type { Colours } from './colours.ts'
import type { Layout } from './layout.ts'
import { rasterOf } from './raster.ts'
import { pathOf, svg, text } from './svg.ts'
import { numberText, timeTicks } from './ticks.ts'

export interface Drawn {
  readonly state: State
  readonly data: Data
  readonly coordinates: Coordinates
  readonly layout: Layout
  readonly colours: Colours
  /** Of this state or, while that is computed, of the one before. */
  readonly result: Result | null
}

const LINES = 15

/** The (t, x) plane: f̂ as colour, trajectories of the ODE, the boundaries of the modes, launched trajectories. */
export function planeGroup(drawn: Drawn): SVGElement {
  const { layout, data, state, coordinates, result } = drawn
  const { plane } = layout
  const clip = svg('clipPath', { id: 'inside' }, svg('rect', boxAttributes(plane)))
  const inside = svg('g', { 'clip-path': 'url(#inside)' })
  if (result) inside.append(image(result, drawn))
  const path = (trajectory: Trajectory, attributes: Record<string, string>) =>
    svg('path', {
      d: pathOf(trajectory.place.map(layout.toLeft), trajectory.y.map(layout.toTop)),
      fill: 'none',
      ...attributes,
    })
  for (let k = 0; k < LINES; k++) {
    const x = coordinates.toX(state.time, -2.8 + (5.6 * k) / (LINES - 1))
    inside.append(path(trajectoryThrough(data, coordinates, state.time, x), { class: 'trajectory' }))
  }
  data.separatrices.forEach((value, i) => {
    inside.append(path(trajectoryThrough(data, coordinates, 0, value), { class: 'boundary' }))
    if (result && state.method !== 'exact') inside.append(estimated(result, i, drawn))
  })
  for (const launch of state.launches) {
    const trajectory = trajectoryThrough(data, coordinates, launch.time, launch.x)
    inside.append(
      path(trajectory, { class: 'halo' }),
      path(trajectory, { class: 'launched', pathLength: '1' }),
    )
  }
  return svg(
    'g',
    {},
    clip,
    inside,
    svg('rect', { ...boxAttributes(plane), class: 'frame' }),
    timeAxis(drawn),
    ...state.launches.flatMap((_, i) => marks(drawn, i)),
  )
}

function image(
  result: Result,
  { layout: { plane, toLeft, toTop }, colours, coordinates }: Drawn,
): SVGElement {
  const columns = result.times.length
  const cell = plane.width / (columns - 1)
  const row = plane.height / (result.rows - 1)
  return svg('image', {
    href: rasterOf(result, colours),
    x: toLeft(0) - cell / 2,
    y: toTop(coordinates.height) - row / 2,
    width: plane.width + cell,
    height: plane.height + row,
    preserveAspectRatio: 'none',
  })
}

/** Where f̂ passes from one mode to the next. */
function estimated(result: Result, i: number, { layout, coordinates }: Drawn): SVGElement {
  const left = result.times.map((t) => layout.toLeft(coordinates.place(t)))
  const top = result.boundaries[i].map(layout.toTop)
  const d = pathOf(left, top)
  return svg('g', { fill: 'none' }, svg('path', { d, class: 'halo' }), svg('path', { d, class: 'estimated' }))
}

/** The launched point, where it lands, and where f̂ says that it lands. */
function marks({ layout, coordinates, data, state, result }: Drawn, i: number): SVGElement[] {
  const { time, x } = state.launches[i]
  const at = (t: number, place: number) => ({
    cx: layout.toLeft(coordinates.place(t)),
    cy: layout.toTop(coordinates.toY(t, place)),
  })
  const landing = result?.landings[i]
  return [
    svg('circle', { ...at(time, x), r: 5, class: 'start' }),
    svg('circle', { ...at(0, data.flow(time, x)), r: 6, class: 'landing' }),
    ...(landing === undefined || state.method === 'exact'
      ? []
      : [
          svg('rect', {
            x: at(0, landing).cx - 1,
            y: at(0, landing).cy - 6,
            width: 12,
            height: 12,
            class: 'estimate',
          }),
        ]),
  ]
}

function timeAxis({ layout: { plane, toLeft }, coordinates, state }: Drawn): SVGElement {
  const bottom = plane.top + plane.height
  const left = (t: number) => toLeft(coordinates.place(t))
  const { kind } = state.process
  const ticks = timeTicks(kind === 've', state.time, left).map((t) =>
    svg(
      'g',
      {},
      svg('path', { d: `M${left(t).toFixed(1)},${bottom}v5`, class: 'tick' }),
      text(left(t), bottom + 17, numberText(t), { 'text-anchor': 'middle' }),
    ),
  )
  return svg(
    'g',
    {},
    ...ticks,
    text(plane.left + plane.width / 2, bottom + 33, `time t, ${processes[kind].name}`, {
      'text-anchor': 'middle',
      class: 'label',
    }),
  )
}

export function boxAttributes({ left, top, width, height }: Layout['plane']) {
  return { x: left, y: top, width, height }
}
