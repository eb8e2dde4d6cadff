/** What figures are drawn in, and what stands for it on dark: a name, the colour on white, the colour on dark. */
const colours = [
  ['paper', '#ffffff', '#1d2024'],
  ['ink', '#1a1a1a', '#e8e8e8'],
  ['pale', '#595959', '#a8adb3'],
  ['grid', '#dddddd', '#33383e'],
  ['frame', '#8a8a8a', '#7d848c'],
  ['blue', '#0072B2', '#5c9bff'],
  ['orange', '#E69F00', '#f0b030'],
  ['green', '#009E73', '#2fc79a'],
  ['red', '#D55E00', '#ff8a4c'],
  ['black', '#000000', '#f2f2f2'],
  ['sky', '#56B4E9', '#7fd6ff'],
  ['pink', '#CC79A7', '#e79ac4'],
  ['wine', '#882255', '#d9739f'],
  ['olive', '#8F8F2A', '#cfcf6a'],
  ['purple', '#5E3C99', '#b79bff'],
] as const

const declare = (k: 1 | 2) => colours.map((colour) => `--figure-${colour[0]}: ${colour[k]};`).join(' ')
export const lightFigure = declare(1)
// the dark end of the ramp would vanish on dark where it colours lines
export const darkFigure = `${declare(2)} --figure-ramp: invert(1) hue-rotate(180deg);`

const recolour = colours.map(([name, drawn]) => {
  const rule = (attribute: string) => {
    const same = name === 'paper' ? `, .card [${attribute}="white"]` : ''
    return `.card [${attribute}="${drawn}"]${same} { ${attribute}: var(--figure-${name}); }`
  }
  return `${rule('fill')} ${rule('stroke')}`
})

/** Style sheet of the figures in a report, and of what its script adds to them. */
export const figureStyle = `
.card { position: relative; background: var(--figure-paper); border: 1px solid var(--line); border-radius: 6px; padding: .5rem; }
.card svg { display: block; max-width: 100%; min-width: 40rem; height: auto; margin: 0 auto; color: var(--figure-ink); fill: var(--figure-ink); }
${recolour.join('\n')}
.card .ramp { filter: var(--figure-ramp, none); }
.off { display: none; }
.ring { fill: none; stroke: var(--link); stroke-width: 2.5; pointer-events: none; }
.tip { position: fixed; z-index: 3; display: grid; max-width: 17rem; padding: .4rem .6rem; border-radius: 6px; pointer-events: none;
  background: var(--ink); color: var(--paper); font-size: .85rem; line-height: 1.35; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.errors { padding: .9rem; overflow: visible; }
.times { display: flex; flex-wrap: wrap; gap: .3rem .8rem; align-items: center; }
.times input { flex: 1; min-width: 9rem; max-width: 24rem; }
.times output { font-variant-numeric: tabular-nums; min-width: 8rem; }
.scale { max-width: 24rem; margin: .8rem 1rem 0; font-size: .85rem; }
.bar { height: .8rem; }
.ticks { position: relative; height: 1.5rem; }
.ticks span { position: absolute; transform: translateX(-50%); line-height: 1.6; }
.ticks sup { line-height: 0; }
.maps { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); gap: .8rem 1rem; align-items: end; }
.map { min-width: 0; }
.map h3 { font-size: .95rem; line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
.map p { margin: 0; font-size: .8rem; color: var(--pale); }
.map .value { color: var(--ink); min-height: 1.4em; font-variant-numeric: tabular-nums; }
.map .frame { position: relative; line-height: 0; }
.plot { display: grid; grid-template-columns: auto minmax(0, 1fr); column-gap: .25rem; }
.axis { grid-column: 2; display: flex; justify-content: space-between; gap: .2rem; font-size: .7rem; line-height: 1.3; color: var(--pale); }
.axis span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.axis.up { grid-column: 1; flex-direction: column; align-items: flex-end; min-height: 0; }
.up span { max-width: 1.6rem; }
.map canvas { width: 100%; aspect-ratio: 1; image-rendering: pixelated; cursor: crosshair; touch-action: pan-y; }
.cross { position: absolute; width: 11px; height: 11px; margin: 0 0 -5.5px -5.5px; border: 2px solid #ffffff; outline: 1.5px solid #000000;
  border-radius: 50%; pointer-events: none; }
.readout { display: block; font-size: .9rem; min-height: 1.6em; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
`

const light = `color-scheme: light; --paper: #ffffff; --ink: #1a1a1a; --pale: #595959; --line: #d0d0d0; --tint: #f3f5f7;
  --link: #005a9c; --warn: #9a3412; ${lightFigure}`
const dark = `color-scheme: dark; --paper: #16181b; --ink: #e8e8e8; --pale: #a8adb3; --line: #3d4248; --tint: #202428;
  --link: #7cc4ff; --warn: #ffb38a; ${darkFigure}`

/** Style sheet of the report: system fonts, dark and light as the system has it or the reader chose, light on paper. */
export const reportStyle = `
:root { ${light} }
@media screen and (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { ${dark} } }
@media screen { :root[data-theme="dark"] { ${dark} } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0 auto; padding: 1.5rem; max-width: 74rem; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .75rem; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .5rem; padding-top: .5rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .25rem; }
p, dl { max-width: 50rem; overflow-wrap: anywhere; }
a { color: var(--link); }
a:focus-visible, [tabindex]:focus-visible, button:focus-visible, summary:focus-visible, input:focus-visible {
  outline: 3px solid var(--link); outline-offset: 2px; }
html { scroll-padding-top: 3.5rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; margin: 1rem 0 0; list-style: none; }
header dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .15rem 1rem; margin: 0; color: var(--pale); font-size: .9rem; }
header dl div { display: contents; }
@media (max-width: 30rem) { header dl { display: block; } header dl div { display: block; } header dd { margin: 0 0 .3rem; } }
dt { font-weight: 600; flex: none; }
dd { margin: 0; overflow-wrap: anywhere; }
.terms { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; font-size: .9rem; }
.wide, .card { overflow-x: auto; margin: 1rem 0 .5rem; }
figure { margin: 1.5rem 0; }
figcaption, .note { color: var(--pale); font-size: .9rem; max-width: 50rem; margin: .25rem 0; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: .4rem; max-width: min(50rem, calc(100vw - 3rem)); }
th, td { padding: .35rem .45rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid var(--line); vertical-align: bottom; }
thead th:not(:first-child):not(.words), .number { text-align: right; }
.number { white-space: nowrap; }
tbody th { font-weight: 500; overflow-wrap: anywhere; min-width: 9rem; max-width: 18rem; }
.number { position: relative; }
.words { min-width: 11rem; max-width: 26rem; }
.equation { font-size: 1.05rem; margin: 0 0 .75rem; }
.star { position: absolute; padding-left: .15em; }
tbody tr:nth-child(even) { background: var(--tint); }
tbody tr:hover { background: color-mix(in srgb, var(--link) 12%, transparent); }
.remark { display: block; font-size: .8rem; color: var(--pale); }
.loses .remark { color: var(--warn); font-weight: 600; }
.tools { position: sticky; top: 0; z-index: 2; min-height: 2.6rem;
  background: var(--paper); border-bottom: 1px solid var(--line); margin-top: 1rem; padding: .4rem 0; font-size: .9rem; }
.tools button { font: inherit; color: var(--ink); background: var(--tint); border: 1px solid var(--line); border-radius: 6px;
  padding: .15rem .7rem; cursor: pointer; }
.tools .theme { position: absolute; top: .4rem; right: 0; }
.switches summary { cursor: pointer; padding: .15rem 0; width: max-content; max-width: calc(100% - 5rem); }
.switches fieldset { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; max-height: 50vh; overflow: auto; margin: .3rem 0 0;
  border: 1px solid var(--line); border-radius: 6px; padding: .4rem .8rem; }
.switches legend { color: var(--pale); padding: 0 .3rem; }
.switches label { display: flex; gap: .35rem; align-items: baseline; overflow-wrap: anywhere; min-width: 0; }
.switches input, .times input { accent-color: var(--link); }
.all { display: flex; gap: .5rem; }
.spoken { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media print { body { max-width: none; } nav, .tools, .tip { display: none; } figure, tr { break-inside: avoid; } }
`
