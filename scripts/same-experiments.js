// Whether two runs of the experiments gave the same bytes, but for times that were measured:
//   node scripts/same-experiments.js FOLDER FOLDER
// JSON is compared without the entries named "…seconds"; figures that have a unit of time on them, and pages and texts that tell of
// measured times, are left out, and said to be.
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { withoutTimes } from '../dist/experiments/without-times.js'

const readers = {
  '.json': (bytes) => JSON.parse(bytes.toString()),
  // a checkpoint says in its header how long the training took
  '.safetensors': (bytes) => {
    const end = 8 + Number(bytes.readBigUInt64LE(0))
    const { __metadata__: metadata, ...tensors } = JSON.parse(bytes.toString('utf8', 8, end))
    const { checkpoint = 'null', ...rest } = metadata ?? {}
    return { tensors, rest, checkpoint: JSON.parse(checkpoint), values: bytes.toString('base64', end) }
  },
}

const [first, second] = process.argv.slice(2)
if (second === undefined) {
  console.error('Two folders are wanted, as npm run experiments -- --quick --out FOLDER writes them.')
  process.exit(2)
}
const [own, other] = await Promise.all([first, second].map(files))
const differences = [...own, ...other].filter((name) => !own.includes(name) || !other.includes(name))
const timed = []
for (const name of own.filter((one) => other.includes(one))) {
  const [a, b] = await Promise.all([first, second].map((folder) => readFile(join(folder, name))))
  if (a.equals(b)) continue
  const read = readers[extname(name)]
  if (read) {
    if (isDeepStrictEqual(withoutTimes(read(a)), withoutTimes(read(b)))) timed.push(name)
    else differences.push(name)
  } else if (await tellsTimes(name)) timed.push(name)
  else differences.push(name)
}
console.log(`${own.length} files: the same but for measured times in ${timed.length} of them.`)
for (const name of timed) console.log(`  measured times: ${name}`)
for (const name of differences) console.log(`  different: ${name}`)
process.exitCode = differences.length > 0 ? 1 : 0

async function files(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, '/').length))
    .sort()
}

/** Whether a figure has a unit of time on an axis, or the results that a page or a text is made of have measured times. */
async function tellsTimes(name) {
  const drawn = /^(.*\/figures\/.*)\.(svg|png)$/.exec(name)
  if (drawn)
    return /CPU|\b(milli|micro)?seconds?\b/.test(await readFile(join(first, `${drawn[1]}.svg`), 'utf8'))
  const folder = /^(.*)(\/report\.html|\.txt)$/.exec(name)?.[1]
  const results = folder && own.includes(`${folder}/results.json`) && `${folder}/results.json`
  if (!results) return false
  const whole = JSON.parse(await readFile(join(first, results), 'utf8'))
  return !isDeepStrictEqual(whole, withoutTimes(whole))
}
