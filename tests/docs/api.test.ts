import { expect, test } from 'bun:test'
import { onMemory } from '../conformance/http/service.ts'
import { bearer } from '../support/config.ts'
import { readPage, readRequest } from './page.ts'

test('every request of the page, one after the other, is answered as the page says', async () => {
  const page = await readPage('docs/api.md')
  const examples = Array.from(page.matchAll(/^```http\n(.*?)^```\n\n→ (\d{3})/gms))
  expect(examples).toHaveLength(page.split('```http\n').length - 1)
  const service = await onMemory.open()
  const authorization = await bearer('ann')
  let id: string | undefined
  for (const [, request = '', status] of examples) {
    const { path, init } = readRequest(request.replace('{id}', `${id}`))
    const headers = { ...init.headers, ...authorization }
    const response = await service.send(path, { ...init, headers })
    expect(`${request}\n${response.status}`).toBe(`${request}\n${status}`)
    id ??= response.headers.get('location')?.slice('/tasks/'.length)
  }
  await service.close()
})
