/** Style sheet of the report: system fonts, dark and light, figures on a white card in both. */
export const reportStyle = `
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1a1a1a; --pale: #595959; --line: #d0d0d0; --tint: #f3f5f7;
  --link: #005a9c; --warn: #9a3412; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #16181b; --ink: #e8e8e8; --pale: #a8adb3; --line: #3d4248; --tint: #202428; --link: #7cc4ff; --warn: #ffb38a; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 74rem; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .75rem; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .5rem; padding-top: .5rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .25rem; }
p, dl { max-width: 50rem; }
a { color: var(--link); }
a:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; margin: 1rem 0 0; list-style: none; }
header dl { display: grid; gap: .15rem 1.5rem; margin: 0; color: var(--pale); font-size: .9rem; }
header dl div { display: flex; gap: .6rem; }
dt { font-weight: 600; flex: none; }
dd { margin: 0; overflow-wrap: anywhere; }
.terms { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; font-size: .9rem; }
.wide, .card { overflow-x: auto; margin: 1rem 0 .5rem; }
.card { background: #ffffff; border: 1px solid var(--line); border-radius: 6px; padding: .5rem; }
.card svg { display: block; max-width: 100%; min-width: 40rem; height: auto; margin: 0 auto; }
figure { margin: 1.5rem 0; }
figcaption, .note { color: var(--pale); font-size: .9rem; max-width: 50rem; margin: .25rem 0; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: .4rem; }
th, td { padding: .35rem .65rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid var(--line); white-space: nowrap; }
thead th:not(:first-child):not(:last-child), .number { text-align: right; white-space: nowrap; }
tbody th { font-weight: 500; overflow-wrap: anywhere; min-width: 10rem; max-width: 18rem; }
.number { position: relative; }
.star { position: absolute; padding-left: .15em; }
tbody tr:nth-child(even) { background: var(--tint); }
.remark { display: block; font-size: .8rem; color: var(--pale); }
.loses .remark { color: var(--warn); font-weight: 600; }
@media print { body { max-width: none; } nav { display: none; } figure, tr { break-inside: avoid; } }
`
