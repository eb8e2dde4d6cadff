type Rgb = readonly [number, number, number]

/** Blue over a neutral middle to orange: told apart with any colour blindness, and by lightness from the middle. */
const PALETTES: Readonly<Record<'light' | 'dark', readonly Rgb[]>> = {
  light: [
    [33, 90, 160],
    [122, 175, 219],
    [243, 243, 240],
    [247, 181, 106],
    [184, 88, 6],
  ],
  dark: [
    [110, 185, 245],
    [40, 98, 155],
    [32, 32, 36],
    [150, 82, 18],
    [250, 170, 80],
  ],
}

/** The colour of a value of f. */
export type Colours = (value: number) => Rgb

/**
 * Colours that change most at the separatrices: each of K modes has the K-th part of the palette, and the colour is neutral where two
 * modes meet.
 */
export function coloursOf(
  separatrices: readonly number[],
  [low, high]: readonly [number, number],
  middle: number,
  theme: 'light' | 'dark',
): Colours {
  const palette = PALETTES[theme]
  const inner = separatrices.length > 0 ? separatrices : [middle]
  const stops = [low, ...inner, high]
  return (value) => {
    let k = 0
    while (k + 2 < stops.length && value > stops[k + 1]) k++
    const within = (value - stops[k]) / (stops[k + 1] - stops[k])
    const share = Math.min(1, Math.max(0, (k + within) / (stops.length - 1)))
    const at = share * (palette.length - 1)
    const index = Math.min(palette.length - 2, Math.floor(at))
    const [from, to] = [palette[index], palette[index + 1]]
    const mix = (channel: 0 | 1 | 2) => from[channel] + (at - index) * (to[channel] - from[channel])
    return [mix(0), mix(1), mix(2)]
  }
}

export function css([red, green, blue]: Rgb): string {
  return `rgb(${Math.round(red)} ${Math.round(green)} ${Math.round(blue)})`
}
