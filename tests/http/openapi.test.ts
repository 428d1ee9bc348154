import { describe, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import type { createDocument } from '../../adapters/http/docs/document.ts'
import { compose } from '../../app/compose.ts'
import { testConfig } from '../support/config.ts'

const { http } = await compose(testConfig(), () => {})
const text = await (await http.handle(new Request('http://localhost/openapi.json'))).text()
// Parsed, as clients read it.
const document: ReturnType<typeof createDocument> = JSON.parse(text)

interface NamedExample {
  readonly summary: string
  readonly value: unknown
}

interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly security: unknown
  readonly parameters?: {
    readonly name: string
    readonly in: string
    readonly description?: string
    readonly example?: unknown
    readonly schema?: unknown
  }[]
  readonly requestBody?: {
    readonly content: Record<string, { readonly examples: Record<string, NamedExample> }>
  }
  readonly responses: Record<
    string,
    { readonly headers: object; readonly content?: Record<string, { example: unknown }> }
  >
}

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries<Operation>(Object(methods)).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    ...operation,
  })),
)

const isPublic = (operationId: string) => ['healthCheck', 'getServiceInfo'].includes(operationId)

describe('the OpenAPI document', () => {
  test('is valid OpenAPI 3.1', async () => {
    const validator = new Validator()
    const result = await validator.validate(JSON.parse(text))
    expect(result.errors ?? []).toStrictEqual([])
    expect(result.valid).toBe(true)
    expect(validator.version).toBe('3.1')
  })

  test("passes Redocly's recommended rules", async () => {
    const directory = await mkdtemp(join(tmpdir(), 'taskport-'))
    const file = join(directory, 'openapi.json')
    await Bun.write(file, text)
    const lint = Bun.spawn(
      [process.execPath, 'x', 'redocly', 'lint', '--extends=recommended', '--format=json', file],
      {
        env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
        stdout: 'pipe',
        stderr: 'pipe',
      },
    )
    const output = await lint.stdout.text()
    await rm(directory, { recursive: true })
    expect(JSON.parse(output).totals).toMatchObject({ errors: 0, warnings: 0 })
    expect(await lint.exited).toBe(0)
  }, 30_000)

  test('contains exactly the operations of the contract', () => {
    expect(
      Object.fromEntries(operations.map(({ name, operationId }) => [operationId, name])),
    ).toStrictEqual({
      listTasks: 'GET /tasks',
      createTask: 'POST /tasks',
      getTask: 'GET /tasks/{id}',
      updateTask: 'PUT /tasks/{id}',
      patchTask: 'PATCH /tasks/{id}',
      deleteTask: 'DELETE /tasks/{id}',
      restoreTask: 'POST /tasks/{id}/restore',
      moveTask: 'POST /tasks/{id}/move',
      batchTasks: 'POST /tasks/batch',
      clearCompleted: 'POST /tasks/clear-completed',
      listChanges: 'GET /tasks/changes',
      streamChanges: 'GET /tasks/events',
      listLists: 'GET /lists',
      createList: 'POST /lists',
      getList: 'GET /lists/{id}',
      patchList: 'PATCH /lists/{id}',
      deleteList: 'DELETE /lists/{id}',
      moveList: 'POST /lists/{id}/move',
      listTokens: 'GET /tokens',
      createToken: 'POST /tokens',
      deleteToken: 'DELETE /tokens/{id}',
      healthCheck: 'GET /health',
      getServiceInfo: 'GET /',
    })
  })

  test('shows tasks before lists before the feed before tokens', () => {
    const groups = ['Tasks', 'Lists', 'Feed', 'Tokens', 'Health', 'Service']
    expect(document.tags.map(({ name }) => name)).toStrictEqual(groups)
    const groupOf = Object.fromEntries(operations.map((one) => [one.operationId, one.tags]))
    expect(groupOf).toMatchObject({
      batchTasks: ['Tasks'],
      moveList: ['Lists'],
      listChanges: ['Feed'],
      streamChanges: ['Feed'],
      createToken: ['Tokens'],
    })
    expect(new Set(operations.flatMap(({ tags }) => tags))).toStrictEqual(new Set(groups))
  })

  test('says how to repeat a parameter', () => {
    const { parameters = [] } = operations.find((one) => one.operationId === 'listTasks') ?? {}
    const repeated = parameters.filter((one) => Object(one.schema).type === 'array')
    expect(repeated.map(({ name }) => name)).toStrictEqual(['tag', 'priority'])
    for (const parameter of repeated)
      expect(parameter).toMatchObject({
        style: 'form',
        explode: true,
        example: [expect.anything()],
      })
  })

  test('requires a bearer token for everything about users', () => {
    expect(document.components.securitySchemes.bearer).toMatchObject({
      type: 'http',
      scheme: 'bearer',
    })
    for (const { operationId, security } of operations)
      expect(security).toStrictEqual(isPublic(operationId) ? [] : [{ bearer: [] }])
  })

  test('documents every status of each operation', () => {
    const always = [401, 429, 500, 503]
    const write = [403, ...always]
    const body = [400, 413, 415, 422, ...write]
    const conditional = [412, 428]
    const expected: Record<string, number[]> = {
      listTasks: [200, 304, 422, ...always],
      createTask: [201, ...body],
      batchTasks: [200, 404, ...conditional, ...body],
      clearCompleted: [200, ...write],
      getTask: [200, 304, 404, 422, ...always],
      updateTask: [200, 404, ...conditional, ...body],
      patchTask: [200, 404, ...conditional, ...body],
      deleteTask: [204, 404, 422, ...conditional, ...write],
      restoreTask: [200, 404, 412, 422, ...write],
      moveTask: [200, 404, ...conditional, ...body],
      listChanges: [200, 410, 422, ...always],
      streamChanges: [200, 410, 422, ...always],
      listLists: [200, 304, ...always],
      createList: [201, ...body],
      getList: [200, 304, 404, 422, ...always],
      patchList: [200, 404, ...conditional, ...body],
      deleteList: [204, 404, 422, ...conditional, ...write],
      moveList: [200, 404, ...conditional, ...body],
      listTokens: [200, 403, ...always],
      createToken: [201, ...body],
      deleteToken: [204, 404, 422, ...write],
      healthCheck: [200, 431, 503],
      getServiceInfo: [200, 431],
    }
    for (const { operationId, responses } of operations)
      expect(Object.keys(responses).map(Number).sort()).toStrictEqual(
        expected[operationId]?.toSorted() ?? [],
      )
  })

  test('documents the rate limit headers on every response of a limited operation', () => {
    for (const { operationId, responses } of operations)
      for (const { headers } of Object.values(responses))
        if (isPublic(operationId)) expect(headers).not.toHaveProperty('RateLimit')
        else
          expect(headers).toMatchObject({
            'RateLimit-Policy': { example: '"default";q=600;w=60' },
            RateLimit: { example: '"default";r=599;t=42' },
          })
  })

  test('has an example of every response with a body', () => {
    for (const { responses } of operations)
      for (const [status, { content }] of Object.entries(responses)) {
        const examples = Object.values(content ?? {}).map(({ example }) => Boolean(example))
        expect(examples).toStrictEqual(['204', '304', '431'].includes(status) ? [] : [true])
      }
  })

  test('has an example of every request body and parameter', () => {
    for (const { requestBody, parameters = [] } of operations) {
      for (const { examples } of Object.values(requestBody?.content ?? {})) {
        expect(Object.keys(examples)).not.toBeEmpty()
        for (const { summary, value } of Object.values(examples)) {
          expect(summary).toMatch(/^[A-Z]/)
          expect(value).toBeObject()
        }
      }
      for (const { name, in: place, description, example } of parameters) {
        expect(description).toBeString()
        if (name !== 'id' || place !== 'path') expect(example).toBeDefined()
      }
    }
  })

  test('names the server that PUBLIC_URL describes', async () => {
    const serversOf = async (PUBLIC_URL: string) => {
      const { http, close } = await compose(testConfig({ PUBLIC_URL }), () => {})
      const response = await http.handle(new Request('http://localhost/openapi.json'))
      await close()
      return Object(await response.json()).servers
    }
    const description = 'This server.'
    expect(document.servers).toEqual([{ url: '/', description }])
    for (const url of ['https://example.com/todo', 'https://example.com/todo/'])
      expect(await serversOf(url)).toEqual([{ url: 'https://example.com/todo', description }])
    expect(await serversOf('http://tasks.example:8080/')).toEqual([
      { url: 'http://tasks.example:8080', description },
    ])
  })

  test('mentions no framework', () => {
    expect(text).not.toMatch(/elysia|typebox|"\$id"|"nullable"/i)
  })
})
