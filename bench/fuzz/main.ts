import { checkInteger } from '../../src/errors.ts'
import { fuzz, polluted } from './fuzz.ts'

// npm run fuzz [-- inputs [seed]]: 140,000 spoiled files and lists of options over all parsers. ONNX needs a build.

const [inputs = '140000', seed = '0'] = process.argv.slice(2)
/** Megabytes. */
const LARGEST = 1024
const counts = await fuzz(
  checkInteger('inputs', Number(inputs), 1, 1e9),
  checkInteger('seed', Number(seed), 0, 2 ** 31 - 1),
)
let bad = polluted().length
for (const { parser, inputs: n, accepted, refused, crashes, hangs, slowest } of counts) {
  console.log(
    `${parser.padEnd(12)} ${n} inputs: ${accepted} accepted, ${refused} refused, ${n - accepted - refused} crashes, ` +
      `${hangs.length} hangs; slowest ${slowest.toFixed(3)} s`,
  )
  for (const { input, error } of crashes) console.log(`  ${error}\n    ${input}`)
  for (const input of hangs) console.log(`  longer than a second\n    ${input}`)
  bad += crashes.length + hangs.length
}
const peak = process.resourceUsage().maxRSS / 1024
console.log(`largest memory ${Math.round(peak)} MB, names on Object.prototype: ${polluted().length}`)
if (bad > 0 || peak > LARGEST) process.exitCode = 1
