/** Builds the client package in `dist/client`, ready to install or publish. */
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { bugs, license, repository, version } from '../package.json'

const root = join(import.meta.dir, '..')

/** Writes JavaScript modules, types, README, license and package.json. */
export async function buildClient(directory: string): Promise<void> {
  const tsc = ['tsc', '--project', 'client', '--noEmit', 'false', '--incremental', 'false']
  const emit = ['--declaration', '--rewriteRelativeImportExtensions', '--outDir', directory]
  await Bun.$`${process.execPath} run ${[...tsc, ...emit]}`.cwd(root).quiet()
  await cp(join(root, 'LICENSE'), join(directory, 'LICENSE'))
  await cp(join(root, 'client', 'README.md'), join(directory, 'README.md'))
  const description = {
    name: 'taskport-client',
    version,
    description: 'A typed client for Taskport in browsers, Node, Bun and Deno',
    bugs,
    license,
    // npm compares it with the repository that the provenance names.
    repository: { ...repository, directory: 'client' },
    type: 'module',
    sideEffects: false,
    exports: {
      '.': { types: './taskport.d.ts', default: './taskport.js' },
      './offline': { types: './offline/store.d.ts', default: './offline/store.js' },
      './offline/indexeddb': {
        types: './offline/indexeddb.d.ts',
        default: './offline/indexeddb.js',
      },
    },
  }
  await Bun.write(join(directory, 'package.json'), `${JSON.stringify(description, null, 2)}\n`)
}

if (import.meta.main) await buildClient(join(root, 'dist', 'client'))
