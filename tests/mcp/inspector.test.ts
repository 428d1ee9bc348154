import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { bearer } from '../support/config.ts'
import { temporaryDirectory } from '../support/process.ts'
import { openMcpService } from './service.ts'

setDefaultTimeout(60_000)

const ROOT = join(import.meta.dir, '..', '..')
const INSPECTOR = join(ROOT, 'node_modules', '.bin', 'mcp-inspector')

let directory: Awaited<ReturnType<typeof temporaryDirectory>>
beforeAll(async () => {
  directory = await temporaryDirectory()
})
afterAll(() => directory[Symbol.asyncDispose]())

/** Runs the command line of the MCP Inspector. @returns what it prints, as JSON. */
async function inspect(...args: string[]) {
  const output = await Bun.$`${process.execPath} --no-env-file ${INSPECTOR} --cli ${args}`
    .cwd(directory.path)
    .env({ PATH: process.env['PATH'], HOME: directory.path })
    .quiet()
  return output.json()
}

const ADD = ['--method', 'tools/call', '--tool-name', 'add_task', '--tool-arg', 'text=Buy milk']

test('the inspector lists and calls the tools over HTTP', async () => {
  await using service = await openMcpService()
  const { authorization } = await bearer('ann')
  const target = [service.url.href, '--header', `Authorization: ${authorization}`]
  expect((await inspect(...target, '--method', 'tools/list')).tools).toHaveLength(9)
  expect(await inspect(...target, ...ADD)).toMatchObject({
    structuredContent: { task: { text: 'Buy milk' } },
  })
})

test('the inspector lists and calls the tools of taskport mcp', async () => {
  const target = [process.execPath, '--no-env-file', join(ROOT, 'app', 'main.ts'), 'mcp']
  expect((await inspect(...target, '--method', 'tools/list')).tools).toHaveLength(9)
  expect(await inspect(...target, ...ADD)).toMatchObject({
    structuredContent: { task: { text: 'Buy milk' } },
  })
})
