import { join } from 'node:path'
import ts from 'typescript'
import { root } from './tree.ts'

/** The compiler, which keeps what it knows of all files while one of them changes. */
interface Compiler {
  /** Whether a file with another text is refused; what is not used any more is let pass. */
  refuses(file: string, text: string): boolean
}

export function createCompiler(): Compiler {
  const config = ts.readConfigFile(join(root, 'tsconfig.build.json'), ts.sys.readFile)
  const { fileNames, options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root)
  const changed = new Map<string, { version: number; text: string }>()
  const service = ts.createLanguageService({
    getScriptFileNames: () => fileNames,
    getScriptVersion: (name) => String(changed.get(name)?.version ?? 0),
    getScriptSnapshot: (name) => {
      const text = changed.get(name)?.text ?? ts.sys.readFile(name)
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
    },
    getCurrentDirectory: () => root,
    getCompilationSettings: () => ({
      ...options,
      noEmit: true,
      noUnusedLocals: false,
      noUnusedParameters: false,
    }),
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  })
  let version = 0
  return {
    refuses(file, text) {
      const name = join(root, file)
      const original = ts.sys.readFile(name) ?? ''
      changed.set(name, { version: ++version, text })
      const found = [...service.getSyntacticDiagnostics(name), ...service.getSemanticDiagnostics(name)]
      changed.set(name, { version: ++version, text: original })
      return found.length > 0
    },
  }
}
