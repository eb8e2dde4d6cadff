import { carryLaunches } from '../compute/carry.ts'
import { createClient } from '../compute/client.ts'
import { commandOf } from '../compute/command.ts'
import { type Coordinates, coordinatesOf, type Frame } from '../compute/coordinates.ts'
import { type Data, dataOf } from '../compute/data.ts'
import type { Result } from '../compute/measure.ts'
import { createAddress } from '../state/address.ts'
import { processOf } from '../state/process.ts'
import { defaultState, limits, type State } from '../state/state.ts'
import { fromHash, toHash } from '../state/url.ts'
import { coloursOf } from './colours.ts'
import { createControls } from './controls.ts'
import { drawFigure } from './figure.ts'
import { createHandles } from './handles.ts'
import { addLaunching } from './launching.ts'
import { type Layout, layoutOf } from './layout.ts'
import { showNumbers } from './numbers.ts'
import type { Drawn } from './plane.ts'

const MOST_WIDTH = 1100
const LEAST_WIDTH = 280

/** @param workerSource the text of a script that starts the worker of `compute` */
export function startPage(workerSource: string): void {
  const figure = find<SVGSVGElement>('#figure')
  const frame = find<HTMLElement>('#frame')
  const status = find<HTMLElement>('#status')
  const command = find<HTMLElement>('#command')
  const dark = matchMedia('(prefers-color-scheme: dark)')
  let state = fromHash(location.hash)
  let process = processOf(state.process)
  let data: Data = dataOf(state.modes, process)
  // the axes of the picture stay while a mode is dragged, so that it stays under the pointer
  let held: Frame | null = null
  let coordinates: Coordinates = coordinatesOf(data, process, state.time)
  let layout: Layout = layoutOf(MOST_WIDTH, coordinates.lastPlace)
  let result: Result | null = null

  const client = createClient(workerSource, (answer, of) => {
    if ('failure' in answer) {
      status.textContent = `This state cannot be computed: ${answer.failure}`
      return
    }
    if (of.process !== state.process) return
    result = answer.result
    if (of === state) {
      frame.classList.remove('computing')
      status.textContent = ''
      showNumbers(document, state, data, result)
    }
    draw()
  })

  const drawn = (): Drawn => {
    const colours = coloursOf(data.separatrices, data.range, data.mean, dark.matches ? 'dark' : 'light')
    return { state, data, coordinates, layout, colours, result }
  }

  function draw(): void {
    layout = layoutOf(Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, frame.clientWidth)), coordinates.lastPlace)
    const now = drawn()
    drawFigure(figure, now)
    handles.show(now)
    launching.redraw()
  }

  function show(next: State): void {
    if (next.process !== state.process) {
      process = processOf(next.process)
      // what there is has the times of another process
      result = null
    }
    state = next
    data = dataOf(state.modes, process)
    coordinates = coordinatesOf(held ?? data, process, state.time)
    frame.classList.add('computing')
    controls.show(state)
    command.textContent = commandOf(state)
    client.compute(state, held ?? undefined)
    draw()
  }

  function change(next: State): void {
    // only a new trajectory is drawn slowly
    frame.classList.toggle('launching', next.launches.length > state.launches.length)
    show(next)
    address.write(state)
  }

  const address = createAddress()
  const controls = createControls(
    find('#controls'),
    () => state,
    (next) => change(carryLaunches(state, next)),
  )
  const undo = () => change({ ...state, launches: state.launches.slice(0, -1) })
  const launching = addLaunching(figure, {
    layout: () => layout,
    coordinates: () => coordinates,
    onLaunch: (launch) =>
      change({ ...state, launches: [...state.launches, launch].slice(-limits.launches[1]) }),
    onUndo: undo,
  })
  const handles = createHandles(find('#handles'), {
    drawn,
    onStart() {
      held = { mean: data.mean, scale: data.scale }
    },
    onMove: (k, mean) =>
      change({ ...state, modes: state.modes.map((mode, i) => (i === k ? { ...mode, mean } : mode)) }),
    onEnd() {
      held = null
      // a state of its own: an answer in the axes of the drag is not the last word
      show({ ...state })
    },
  })
  find('#undo').addEventListener('click', undo)
  find('#clear').addEventListener('click', () => change({ ...state, launches: [] }))
  find('#reset').addEventListener('click', () => change(defaultState))
  find('#copy').addEventListener('click', () => copy(commandOf(state), status, 'The command is copied.'))
  find('#link').addEventListener('click', () => {
    history.replaceState(null, '', toHash(state))
    copy(location.href, status, 'The link is copied.')
  })
  addEventListener('hashchange', () => {
    address.forget()
    show(fromHash(location.hash))
  })
  dark.addEventListener('change', draw)
  new ResizeObserver(draw).observe(frame)
  show(state)
}

async function copy(content: string, status: HTMLElement, said: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(content)
    status.textContent = said
  } catch {
    status.textContent = `Copying is not allowed here. Select it by hand: ${content}`
  }
}

function find<T extends Element>(selector: string): T {
  const element = document.querySelector<T>(selector)
  if (!element) throw new Error(`${selector} is missing from the page`)
  return element
}
