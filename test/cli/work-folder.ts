import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** N(1, 4) in one dimension: f(t, x) = 1 + 2 (x − 1)/√(4 + t²). */
export const gaussian = {
  process: { kind: 've' },
  data: { kind: 'gaussian', mean: [1], covariance: [[4]] },
}

export { plane as mixture } from '../../bench/kill/problems.ts'

/** A folder with problems, points and files of all kinds that do not fit. */
export class WorkFolder {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  static async create(files: Readonly<Record<string, string | Uint8Array>>): Promise<WorkFolder> {
    const folder = new WorkFolder(await mkdtemp(join(tmpdir(), 'cli-')))
    await mkdir(folder.file('folder.json'))
    for (const [name, content] of Object.entries(files)) await writeFile(folder.file(name), content)
    return folder
  }

  file(name: string): string {
    return join(this.path, name)
  }

  list(): Promise<string[]> {
    return readdir(this.path, { recursive: true }).then((names) => names.sort())
  }

  remove(): Promise<void> {
    return rm(this.path, { recursive: true })
  }
}
