import { describe, expect, test } from 'bun:test'
import type { NamingError } from '../../adapters/mcp/results.ts'
import { TOOLS } from '../../adapters/mcp/tools.ts'
import type { ErrorCode } from '../../core/errors.ts'
import { call, callWrongly, openMcpService } from '../mcp/service.ts'
import { codeIn, namesIn, readPage, rowsIn, sectionOf } from './page.ts'

const page = await readPage('docs/mcp.md')

test('lists every tool', () => {
  const listed = rowsIn(sectionOf(page, '## Tools')).map(([name = '']) => namesIn(name)[0])
  expect(listed).toStrictEqual(TOOLS.map(({ name }) => name))
})

test('names only arguments that the tools have', () => {
  for (const [name = '', , args = ''] of rowsIn(sectionOf(page, '## Tools'))) {
    const tool = TOOLS.find((one) => one.name === namesIn(name)[0]) ?? expect.unreachable()
    for (const argument of namesIn(args))
      if (/^[a-z]+$/.test(argument)) expect(Object.keys(tool.input.properties)).toContain(argument)
  }
})

describe.each(['## On your machine', '## Over HTTP'])('%s', (heading) => {
  test('shows configurations that are JSON', () => {
    const examples = codeIn(sectionOf(page, heading), 'json').map((code) => JSON.parse(code))
    expect(examples).toHaveLength(2)
    for (const { mcpServers, servers } of examples)
      expect(Object.keys(mcpServers ?? servers)).toStrictEqual(['tasks'])
  })
})

test('shows the same configurations as the README', async () => {
  const readme = sectionOf(await readPage('README.md'), '## For assistants')
  const section = sectionOf(page, '## On your machine')
  const [desktop, code] = codeIn(section, 'json').map((example) => JSON.parse(example))
  expect(codeIn(readme, 'json').map((example) => JSON.parse(example))).toStrictEqual([desktop])
  const commands = codeIn(readme, 'sh').join('')
  expect(commands).toContain(`${codeIn(section, 'sh')[0]}`.trim())
  const { type: _, ...server } = code.servers.tasks
  const [, added = ''] = /--add-mcp '(.*)'/.exec(commands) ?? []
  expect(JSON.parse(added)).toStrictEqual({ name: 'tasks', ...server })
})

test('shows a call and its result', async () => {
  const [request = '', result = ''] = codeIn(sectionOf(page, '## Tools'), 'json')
  await using service = await openMcpService()
  const client = await service.connect('ann')
  const recurrence = { rule: 'FREQ=WEEKLY' }
  await call(client, 'add_task', { text: 'Water the plants', due: '2099-01-05', recurrence })
  const { name, arguments: args } = JSON.parse(request)
  expect(await call(client, name, args)).toMatchObject(JSON.parse(result))
})

test('shows the error for words that several tasks contain', async () => {
  const [example = ''] = codeIn(sectionOf(page, '## Errors'), 'json')
  await using service = await openMcpService()
  const client = await service.connect('ann')
  for (const text of ['Buy bread', 'Buy milk']) await call(client, 'add_task', { text })
  const { matches, ...refused } = await callWrongly(client, 'get_task', { task: 'buy' })
  const { matches: shown, ...expected } = JSON.parse(example)
  expect(refused).toStrictEqual(expected)
  expect(matches).toMatchObject(shown.map(({ id: _, ...match }: Record<string, unknown>) => match))
})

/** Every error of a tool. No tool has positions. */
const codes: Record<Exclude<ErrorCode, 'position_expired'> | NamingError['code'], true> = {
  invalid: true,
  not_found: true,
  ambiguous: true,
  stale: true,
  version_required: true,
  retry_key_reused: true,
  unavailable: true,
}

test('lists every error', () => {
  const listed = rowsIn(sectionOf(page, '## Errors')).map(([name = '']) => namesIn(name)[0])
  expect(listed).toStrictEqual(Object.keys(codes))
})
