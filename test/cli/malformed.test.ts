import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatNpy } from '../../src/io/npy.ts'
import { points, pointsFromRows } from '../../src/points/points.ts'
import { runCli } from './in-process.ts'
import { gaussian, mixture, WorkFolder } from './work-folder.ts'

let folder: WorkFolder
let before: string[]
beforeAll(async () => {
  const npy = formatNpy(pointsFromRows([[1], [2]]))
  folder = await WorkFolder.create({
    'problem.json': JSON.stringify(gaussian),
    'mixture.json': JSON.stringify(mixture),
    'vp.json': JSON.stringify({ ...gaussian, process: { kind: 'vp' } }),
    'broken.json': '{"process": {"kind": "ve"},',
    'empty.json': '',
    'binary.json': Uint8Array.of(0xff, 0xfe, 0x00, 0x01),
    'null.json': 'null',
    'deep.json': '['.repeat(50_000),
    'unknown-key.json': JSON.stringify({ ...gaussian, tiem: 3 }),
    'unknown-data-key.json': JSON.stringify({ ...gaussian, data: { ...gaussian.data, men: [1] } }),
    'unknown-kind.json': JSON.stringify({ ...gaussian, data: { kind: 'gausian' } }),
    'unknown-process.json': JSON.stringify({ ...gaussian, process: { kind: 'heat' } }),
    'no-data.json': JSON.stringify({ process: { kind: 've' } }),
    'not-positive.json': JSON.stringify({
      ...gaussian,
      data: { kind: 'gaussian', mean: [0], covariance: [[-1]] },
    }),
    'asymmetric.json': JSON.stringify({
      ...gaussian,
      data: {
        kind: 'gaussian',
        mean: [0, 0],
        covariance: [
          [1, 0.5],
          [0, 1],
        ],
      },
    }),
    'mean-text.json': JSON.stringify({
      ...gaussian,
      data: { kind: 'gaussian', mean: ['1'], covariance: [[1]] },
    }),
    'weights.json': JSON.stringify({ ...mixture, data: { ...mixture.data, weights: [0.3, 0.3] } }),
    'data-file-missing.json': JSON.stringify({
      ...gaussian,
      data: { kind: 'empirical', file: 'no.csv', bandwidth: 0.1 },
    }),
    'points.json': '[[1], [2]]',
    'plane.json': '[[1, 2], [3, 4]]',
    'ragged.json': '[[1], [2, 3]]',
    'text.json': '[[1], ["2"]]',
    'nan.json': '[[1], [NaN]]',
    'huge.json': '[[1], [1e999]]',
    'flat.json': '[1, 2]',
    'no-rows.json': '[]',
    'no-columns.json': '[[], []]',
    'ragged.csv': '1\n2,3\n',
    'text.csv': 'x\n1\ntwo\n',
    'gap.csv': 'a,b\n1,2\n3,\n',
    'empty.csv': '',
    'header.csv': 'a,b\n',
    'nan.csv': 'x\nnan\n',
    'cut.npy': npy.slice(0, -3),
    'no.npy': 'hello',
    'nan.npy': formatNpy(points(Float64Array.of(1, Number.NaN), 1)),
    'claims.npy': Uint8Array.from(
      Buffer.from(
        Buffer.from(npy).toString('latin1').replace('(2, 1), }        ', '(999999999, 1), }'),
        'latin1',
      ),
    ),
    'points.txt': '[[1]]',
  })
  before = await folder.list()
})
afterAll(() => folder.remove())

type Options = Record<string, string | undefined>
const base: Options = {
  '--problem': 'problem.json',
  '--method': 'exact',
  '--time': '3',
  '--points': 'points.json',
  '--out': 'out.json',
}
const files = ['--problem', '--points', '--out', '--model']

function evaluate(changes: Options, more: readonly string[]) {
  const args = Object.entries({ ...base, ...changes }).flatMap(([name, value]) =>
    value === undefined ? [] : [name, files.includes(name) && value !== '' ? folder.file(value) : value],
  )
  return runCli(['evaluate', ...args, ...more])
}

/** Bad input: exit code 2, one plain sentence on stderr that names the culprit, nothing on stdout, no file left or changed. */
async function expectRefusal(outcome: Awaited<ReturnType<typeof runCli>>, culprit: string) {
  const { code, stdout, stderr } = outcome
  expect(stderr).toContain(culprit)
  expect(code).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^[^\n]+\.\n$/)
  expect(stderr).not.toMatch(/[.!?] [A-Z]/)
  expect(stderr).not.toMatch(/\bat (?:\S+ \()?(?:file:|\/)\S+:\d+:\d+/)
  expect(stderr.length).toBeLessThan(500)
  expect(await folder.list()).toEqual(before)
}

describe('evaluate refuses', () => {
  test.each<[string, Options, string, string[]?]>([
    ['a missing problem file', { '--problem': 'no.json' }, 'no.json does not exist'],
    ['a folder in place of a problem', { '--problem': 'folder.json' }, 'folder.json is a folder'],
    ['broken JSON', { '--problem': 'broken.json' }, 'broken.json is not JSON'],
    ['an empty problem file', { '--problem': 'empty.json' }, 'empty.json is empty'],
    ['a problem file that is no text', { '--problem': 'binary.json' }, 'binary.json is not UTF-8 text'],
    ['null as a problem', { '--problem': 'null.json' }, 'problem'],
    ['JSON nested without end', { '--problem': 'deep.json' }, 'deep.json nests deeper'],
    ['an unknown key', { '--problem': 'unknown-key.json' }, 'tiem'],
    ['an unknown key of the data', { '--problem': 'unknown-data-key.json' }, 'men'],
    ['an unknown kind of data', { '--problem': 'unknown-kind.json' }, 'gausian'],
    ['an unknown process', { '--problem': 'unknown-process.json' }, 'heat'],
    ['a problem without data', { '--problem': 'no-data.json' }, 'problem.data'],
    ['a covariance that is not positive', { '--problem': 'not-positive.json' }, 'covariance'],
    ['a covariance that is not symmetric', { '--problem': 'asymmetric.json' }, 'covariance'],
    ['a mean that is text', { '--problem': 'mean-text.json' }, 'mean'],
    ['weights that do not add up to 1', { '--problem': 'weights.json' }, 'weights'],
    ['a data file that is missing', { '--problem': 'data-file-missing.json' }, 'no.csv does not exist'],
    ['the empty name of a problem file', { '--problem': '' }, 'the empty file name'],
    ['a negative time', { '--time': '-1' }, '--time is -1'],
    ['time zero', { '--time': '0' }, '--time is 0'],
    ['a time that is text', { '--time': 'soon' }, '--time is "soon"'],
    ['NaN as time', { '--time': 'NaN' }, '--time is "NaN"'],
    ['minus Infinity as time', { '--time': '-Infinity' }, '--time is "-Infinity"'],
    ['a time beyond all doubles', { '--time': '1e999' }, '--time is "1e999"'],
    ['a hexadecimal time', { '--time': '0x10' }, '--time is "0x10"'],
    ['an empty time', { '--time': '' }, '--time is ""'],
    ['a time beyond the process', { '--problem': 'vp.json', '--time': '1.5' }, '--time is 1.5'],
    ['no time', { '--time': undefined }, '--time is missing'],
    ['no problem', { '--problem': undefined }, '--problem is missing'],
    ['no method', { '--method': undefined }, '--method is missing'],
    ['no points', { '--points': undefined }, '--points is missing'],
    ['no out', { '--out': undefined }, '--out is missing'],
    ['an unknown method', { '--method': 'magic' }, '--method is "magic"'],
    ['a method that every object has', { '--method': 'constructor' }, '--method is "constructor"'],
    ['no exact map', { '--problem': 'mixture.json', '--points': 'plane.json' }, 'no exact map is known'],
    ['an unknown option', {}, "unknown option '--foo'", ['--foo', '3']],
    ['an unknown short option', {}, "unknown option '-x'", ['-x']],
    [
      'a misspelt option',
      { '--time': undefined },
      "unknown option '--tiem' (Did you mean --time?)",
      ['--tiem', '3'],
    ],
    ['an option without its value at the end', {}, "option '--rtol <number>' argument missing", ['--rtol']],
    [
      'an option in place of a value',
      { '--points': undefined },
      '--points has no value',
      ['--points', '--method', 'exact'],
    ],
    ['an argument too many', {}, '"extra" belongs to no option', ['extra']],
    ['a seed that is no integer', {}, '--seed is "1.5"', ['--seed', '1.5']],
    ['a seed beyond 2^31', {}, '--seed is "2147483648"', ['--seed', '2147483648']],
    ['no threads', {}, '--threads is "0"', ['--threads', '0']],
    ['too many threads', {}, '--threads is "65"', ['--threads', '65']],
    ['--nodes with exact', {}, '--nodes does not belong to --method exact', ['--nodes', '9']],
    [
      '--rtol with grid',
      { '--method': 'grid' },
      '--rtol does not belong to --method grid',
      ['--rtol', '1e-3'],
    ],
    ['--model with exact', {}, '--model does not belong to --method exact', ['--model', 'm']],
    [
      '--solver with model',
      { '--method': 'model' },
      '--solver does not belong',
      ['--solver', 'heun', '--model', 'm'],
    ],
    [
      'nodes and tolerance',
      { '--method': 'grid' },
      '--nodes is given together with --tolerance',
      ['--nodes', '64', '--tolerance', '1e-3'],
    ],
    [
      'a mesh of a table',
      { '--method': 'grid' },
      '--mesh is given together with --save',
      ['--mesh', 'moving', '--save', 'table.bin'],
    ],
    ['nodes that are text', { '--method': 'grid' }, '--nodes is "many"', ['--nodes', 'many']],
    ['one node', { '--method': 'grid' }, '--nodes is "1"', ['--nodes', '1']],
    ['more nodes than fit in memory', { '--method': 'grid' }, 'nodes is 99999999', ['--nodes', '99999999']],
    ['a negative tolerance', { '--method': 'grid' }, 'tolerance is -1', ['--tolerance', '-1']],
    ['an unknown scheme', { '--method': 'grid' }, 'scheme is "weno50"', ['--scheme', 'weno50']],
    ['an unknown solver', { '--method': 'characteristics' }, '--solver is "rk99"', ['--solver', 'rk99']],
    ['an unknown tableau', { '--method': 'characteristics' }, '--tableau is "rk99"', ['--tableau', 'rk99']],
    [
      'a tableau by both names',
      { '--method': 'characteristics' },
      '--solver is given together with --tableau',
      ['--tableau', 'dopri5', '--solver', 'dopri5'],
    ],
    [
      'a solver that every object has',
      { '--method': 'characteristics' },
      '--solver is "toString"',
      ['--solver', 'toString'],
    ],
    ['a solver without error estimate', { '--method': 'characteristics' }, '"euler"', ['--solver', 'euler']],
    [
      'unknown coordinates',
      { '--method': 'characteristics' },
      '--coordinates is "polar"',
      ['--coordinates', 'polar'],
    ],
    ['rtol zero', { '--method': 'characteristics' }, 'rtol is 0', ['--rtol', '0']],
    ['a negative atol', { '--method': 'characteristics' }, 'atol is -1', ['--atol', '-1']],
    ['model without --model', { '--method': 'model' }, '--model is missing'],
    [
      'a model folder that is missing',
      { '--method': 'model', '--model': 'no-model' },
      'no-model/model.json does not exist',
    ],
    [
      'a file in place of a model',
      { '--method': 'model', '--model': 'points.json' },
      'points.json is [[1],[2]]; expected the description of a network',
    ],
    ['a missing points file', { '--points': 'no.json' }, 'no.json does not exist'],
    ['a folder in place of points', { '--points': 'folder.json' }, 'folder.json is a folder'],
    ['points of another extension', { '--points': 'points.txt' }, 'points.txt has the extension .txt'],
    ['points without extension', { '--points': 'points' }, 'points has no extension'],
    ['ragged points', { '--points': 'ragged.json' }, 'ragged.json has a row 2 of length 2'],
    ['points that are text', { '--points': 'text.json' }, 'text.json has the text "2" in row 2, column 1'],
    ['NaN among the points', { '--points': 'nan.json' }, 'nan.json is not JSON'],
    [
      'points beyond all doubles',
      { '--points': 'huge.json' },
      'huge.json has a number beyond 1.8e308 in row 2',
    ],
    ['points that are no rows', { '--points': 'flat.json' }, 'flat.json has the number 1 in place of row 1'],
    ['no points at all', { '--points': 'no-rows.json' }, 'no-rows.json holds no points'],
    ['rows without numbers', { '--points': 'no-columns.json' }, 'no-columns.json has no numbers in row 1'],
    ['a problem file as points', { '--points': 'mixture.json' }, 'mixture.json holds an object'],
    ['points of the wrong dimension', { '--points': 'plane.json' }, 'plane.json has points of dimension 2'],
    ['ragged CSV', { '--points': 'ragged.csv' }, 'ragged.csv has rows of different lengths in line 2'],
    ['text in CSV', { '--points': 'text.csv' }, 'text.csv has "two" in line 3, column 1'],
    ['an empty cell', { '--points': 'gap.csv' }, 'gap.csv has 1 row with an empty cell'],
    ['an empty CSV file', { '--points': 'empty.csv' }, 'empty.csv is empty'],
    ['a CSV header alone', { '--points': 'header.csv' }, 'header.csv has no rows'],
    ['NaN in CSV', { '--points': 'nan.csv' }, 'nan.csv has "nan" in line'],
    ['an npy file cut off', { '--points': 'cut.npy' }, 'cut.npy holds 13 bytes of values'],
    ['an npy file that is none', { '--points': 'no.npy' }, 'no.npy is no .npy file'],
    ['NaN in npy', { '--points': 'nan.npy' }, 'nan.npy has NaN in row 2, column 1'],
    [
      'an npy file that claims more than it has',
      { '--points': 'claims.npy' },
      'claims.npy holds 16 bytes of values',
    ],
    ['out in a missing folder', { '--out': 'no/out.json' }, 'no/out.json is in a folder that does not exist'],
    [
      'out inside a file',
      { '--out': 'points.json/out.json' },
      'points.json/out.json is in a folder that does not exist',
    ],
    ['out that is a folder', { '--out': 'folder.json' }, 'folder.json is a folder'],
    ['out of another extension', { '--out': 'out.txt' }, 'out.txt has the extension .txt'],
    ['out without extension', { '--out': 'out' }, 'out has no extension'],
    ['the empty name of out', { '--out': '' }, 'the empty file name'],
    ['out that is the problem', { '--out': 'problem.json' }, 'problem.json is a file to read'],
    ['out that is the points', { '--out': 'points.json' }, 'points.json is a file to read'],
  ])('%s', async (_, changes, culprit, more = []) => {
    await expectRefusal(await evaluate(changes, more), culprit)
  })

  test('a folder where nothing can be written', async () => {
    await expectRefusal(
      await runCli(['evaluate', ...args({ '--out': '/proc/out.json' })]),
      '/proc/out.json is in a folder',
    )
  })
})

function args(changes: Options): string[] {
  return Object.entries(base).flatMap(([name, value]) => [
    name,
    changes[name] ?? (files.includes(name) ? folder.file(String(value)) : String(value)),
  ])
}

describe('the command line refuses', () => {
  test.each<[string, string[], string]>([
    ['no command', [], 'No command is given; expected one of evaluate'],
    ['shared options alone', ['--json'], 'No command is given'],
    ['an unknown command', ['destroy'], "unknown command 'destroy'"],
    ['a misspelt command', ['evalute'], "unknown command 'evalute' (Did you mean evaluate?)"],
    ['an unknown option before the command', ['--foo', 'evaluate'], "unknown option '--foo'"],
    ['nothing but the command', ['evaluate'], '--problem is missing'],
  ])('%s', async (_, argv, culprit) => {
    await expectRefusal(await runCli(argv), culprit)
  })
})

describe('train and certify refuse', () => {
  const train: Options = {
    '--problem': 'problem.json',
    '--loss': 'pinn',
    '--time': '3',
    '--steps': '2',
    '--out': 'model',
  }
  const certify: Options = { '--problem': 'problem.json', '--model': 'no-model', '--time': '3' }
  test.each<[string, string, Options, string, string[]?]>([
    ['an unknown loss', 'train', { ...train, '--loss': 'magic' }, '--loss is "magic"'],
    ['no loss', 'train', { ...train, '--loss': undefined }, '--loss is missing'],
    ['a missing problem', 'train', { ...train, '--problem': 'no.json' }, 'no.json does not exist'],
    ['a negative time', 'train', { ...train, '--time': '-3' }, 'time is -3'],
    ['zero steps', 'train', { ...train, '--steps': '0' }, '--steps is "0"'],
    ['half a step', 'train', { ...train, '--steps': '0.5' }, '--steps is "0.5"'],
    ['an empty batch', 'train', { ...train, '--batch': '0' }, '--batch is "0"'],
    ['a width that is text', 'train', { ...train, '--width': 'wide' }, '--width is "wide"'],
    ['no layers', 'train', { ...train, '--layers': '0' }, '--layers is "0"'],
    ['an unknown optimiser', 'train', { ...train, '--optimiser': 'luck' }, '"luck"'],
    ['out that is a file', 'train', { ...train, '--out': 'points.json' }, 'points.json is a file'],
    ['out inside a file', 'train', { ...train, '--out': 'points.json/model' }, 'points.json is a file'],
    ['an unknown option', 'train', train, "unknown option '--epochs'", ['--epochs', '3']],
    ['a missing model', 'certify', certify, 'no-model/model.json does not exist'],
    ['no model', 'certify', { ...certify, '--model': undefined }, '--model is missing'],
    ['one sample', 'certify', certify, '--samples is "1"', ['--samples', '1']],
    ['a time that is text', 'certify', { ...certify, '--time': 'x' }, '--time is "x"'],
  ])('%s: %s', async (_, command, options, culprit, more = []) => {
    const given = Object.entries(options).flatMap(([name, value]) =>
      value === undefined ? [] : [name, files.includes(name) ? folder.file(value) : value],
    )
    await expectRefusal(await runCli([command, ...given, ...more]), culprit)
  })
})
