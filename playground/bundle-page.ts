import { join } from 'node:path'

/**
 * Bundles the page. `bundle.ts` calls it as a macro, so an executable contains its result.
 *
 * @throws Error with what the bundler printed.
 */
export function bundlePage() {
  return { script: bundle('main.tsx'), style: bundle('style/style.css') }
}

// In a process of its own, because Bun does not allow macros to call `Bun.build`.
function bundle(file: string): string {
  const { success, stdout, stderr } = Bun.spawnSync([
    ...[process.execPath, 'build', join(import.meta.dir, 'page', file), '--target=browser'],
    ...['--production', '--jsx-runtime=automatic', '--jsx-import-source=preact'],
  ])
  if (!success) throw new Error(`The playground cannot be bundled:\n${stderr}`)
  return `${stdout}`
}
