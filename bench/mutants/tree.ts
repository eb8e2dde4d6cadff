import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** Where the project is. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** A copy of the project with its build, in which files can be changed without anyone else seeing it. */
export interface Tree {
  readonly folder: string
  write(file: string, text: string): Promise<void>
  /** Writes what the build makes of a source file: worker threads run that. */
  build(file: string, text: string): Promise<void>
  remove(): Promise<void>
}

export async function copyOfProject(): Promise<Tree> {
  const folder = await mkdtemp(join(tmpdir(), 'mutants-'))
  for (const part of await readdir(root)) {
    if (part === 'node_modules' || part === 'results' || part.startsWith('.git')) continue
    await cp(join(root, part), join(folder, part), { recursive: true })
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  // the command line from single files, which can be changed
  await rm(join(folder, 'dist', 'bundle'), { recursive: true, force: true })
  await mkdir(join(folder, 'dist', 'bundle', 'cli'), { recursive: true })
  await writeFile(join(folder, 'dist', 'bundle', 'cli', 'main.js'), "import '../../cli/main.js'\n")
  return {
    folder,
    write: (file, text) => writeFile(join(folder, file), text),
    build: (file, text) => writeFile(join(folder, 'dist', file.replace(/\.ts$/, '.js')), compiled(text)),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  }
}

/** What `tsconfig.build.json` makes of one file, without its types. */
function compiled(text: string): string {
  return ts.transpileModule(text, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    },
  }).outputText
}
