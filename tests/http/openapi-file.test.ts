import { describe, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from '../../scripts/openapi.ts'

const ROOT = join(import.meta.dir, '..', '..')

describe('the committed document', () => {
  test.each(['openapi.json', 'client/openapi.ts'] as const)(
    '%s is what `bun run openapi` generates',
    async (path) => {
      expect(await Bun.file(join(ROOT, path)).text()).toBe((await generate())[path])
    },
    30_000,
  )

  test("passes Spectral's recommended rules", async () => {
    const directory = await mkdtemp(join(tmpdir(), 'taskport-'))
    const ruleset = join(directory, 'spectral.json')
    await Bun.write(ruleset, '{"extends":["spectral:oas"]}')
    const rules = ['--ruleset', ruleset, '--format=json', '--quiet', '--fail-severity=hint']
    const lint = Bun.spawn(
      [process.execPath, 'x', 'spectral', 'lint', ...rules, join(ROOT, 'openapi.json')],
      { stdout: 'pipe', stderr: 'ignore' },
    )
    const output = await lint.stdout.text()
    await rm(directory, { recursive: true })
    expect(JSON.parse(output)).toEqual([])
    expect(await lint.exited).toBe(0)
  }, 30_000)
})
