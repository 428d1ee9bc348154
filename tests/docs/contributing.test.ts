import { expect, test } from 'bun:test'
import { cp, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryDirectory } from '../support/process.ts'
import { codeIn, readPage } from './page.ts'

const ROOT = join(import.meta.dir, '..', '..')
const RULES = 'core/task-changes.ts'
const REMOVED_LINE = /^ *if \(changed\.completed !== task\.completed\).*$/m

test('shows a first test that compiles and passes, and fails when the line is removed', async () => {
  const [example = ''] = codeIn(await readPage('CONTRIBUTING.md'), 'ts')
  await using directory = await temporaryDirectory()
  const { path } = directory
  await cp(join(ROOT, 'core'), join(path, 'core'), { recursive: true })
  await symlink(join(ROOT, 'node_modules'), join(path, 'node_modules'))
  await Bun.write(join(path, 'tests/core/first.test.ts'), example)
  const config = {
    extends: join(ROOT, 'tsconfig.json'),
    compilerOptions: { incremental: false, tsBuildInfoFile: null },
    include: ['tests'],
  }
  await Bun.write(join(path, 'tsconfig.json'), JSON.stringify(config))
  expect(await run(['node_modules/.bin/tsc'], path)).toBe(0)
  expect(await runExample(path)).toBe(0)

  const rules = await Bun.file(join(path, RULES)).text()
  expect(rules).toMatch(REMOVED_LINE)
  await Bun.write(join(path, RULES), rules.replace(REMOVED_LINE, ''))
  expect(await runExample(path)).toBe(1)
})

function runExample(directory: string): Promise<number> {
  return run([process.execPath, 'test', 'tests/core/first.test.ts'], directory)
}

function run(command: string[], directory: string): Promise<number> {
  return Bun.spawn(command, { cwd: directory, stdio: ['ignore', 'ignore', 'ignore'] }).exited
}
