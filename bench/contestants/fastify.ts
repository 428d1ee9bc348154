/**
 * The same operations, idiomatic for Fastify on Node: `@fastify/jwt` with its token cache, schemas
 * for bodies and responses, `pg` with prepared statements, no logs. Not an example.
 */
import fastifyJwt from '@fastify/jwt'
import Fastify from 'fastify'
import pg from 'pg'
import { uuidv7 } from 'uuidv7'

declare module '@fastify/jwt' {
  interface FastifyJWT {
    user: { readonly sub: string }
  }
}

interface ById {
  Params: { readonly id: string }
}

interface WithText {
  Body: { readonly text: string }
}

interface Listing {
  Querystring: {
    readonly limit?: number
    readonly sort: string
    readonly completed?: boolean
    readonly q?: string
  }
}

interface Feed {
  Querystring: { readonly cursor: string; readonly limit: number }
}

interface Batch {
  Body: { readonly operations: { readonly id: string; readonly body: { readonly text: string } }[] }
}

const COLUMNS = 'id, text, completed, created_at, updated_at, completed_at'
const ORDERS: Readonly<Record<string, string>> = {
  '-created_at': 'created_at desc, id desc',
  '-updated_at': 'updated_at desc, id desc',
  order: 'position',
}
const START = '1970-01-01T00:00:00.000Z,00000000-0000-0000-0000-000000000000'
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10 })
const app = Fastify()

const id = { type: 'string', format: 'uuid' }
const text = { type: 'string', minLength: 1, maxLength: 500 }
const time = { type: 'string', format: 'date-time' }
const properties = {
  id,
  text: { type: 'string' },
  completed: { type: 'boolean' },
  created_at: time,
  updated_at: time,
  completed_at: { ...time, nullable: true },
}
const task = { type: 'object', properties }
const list = {
  type: 'object',
  properties: { tasks: { type: 'array', items: task }, count: { type: 'integer' } },
}
const listing = {
  type: 'object',
  properties: {
    limit: { type: 'integer', minimum: 1, maximum: 1000 },
    sort: { enum: Object.keys(ORDERS), default: '-created_at' },
    completed: { type: 'boolean' },
    q: { type: 'string' },
  },
}
const change = { type: 'object', properties: { type: { type: 'string' }, task } }
const changes = {
  type: 'object',
  properties: {
    changes: { type: 'array', items: change },
    next_cursor: { type: 'string' },
    has_more: { type: 'boolean' },
  },
}
const feed = {
  type: 'object',
  properties: {
    cursor: { type: 'string', default: START },
    limit: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
  },
}
const params = { type: 'object', properties: { id } }
const body = { type: 'object', required: ['text'], properties: { text } }
const operation = { type: 'object', required: ['id', 'body'], properties: { id, body } }
const batch = { type: 'object', properties: { operations: { type: 'array', items: operation } } }
const result = { type: 'object', properties: { status: { type: 'integer' }, task } }
const results = { type: 'object', properties: { results: { type: 'array', items: result } } }

await app.register(fastifyJwt, {
  secret: process.env['BETTER_AUTH_SECRET'] ?? '',
  verify: { algorithms: ['HS256'], cache: 10_000 },
})
app.addHook('onRequest', (request) => request.jwtVerify())

app.get<Listing>(
  '/tasks',
  { schema: { querystring: listing, response: { 200: list } } },
  async ({ user, query: { limit, sort, completed, q } }) => {
    const values: unknown[] = [user.sub]
    const parameter = (value: unknown) => `$${values.push(value)}`
    const text = [
      `select ${COLUMNS} from tasks where user_id = $1`,
      completed === undefined ? '' : `and completed = ${parameter(completed)}`,
      q === undefined ? '' : `and text ilike ${parameter(`%${q}%`)}`,
      `order by ${ORDERS[sort]}`,
      limit === undefined ? '' : `limit ${parameter(limit)}`,
    ].join(' ')
    // A different name for each text.
    const name = ['list', completed, q !== undefined, sort, limit !== undefined].join(' ')
    const { rows } = await pool.query({ name, text, values })
    return { tasks: rows, count: rows.length }
  },
)

app.get<Feed>(
  '/tasks/changes',
  { schema: { querystring: feed, response: { 200: changes } } },
  async ({ user, query: { cursor, limit } }) => {
    const { rows } = await pool.query({
      name: 'changes',
      text: `select ${COLUMNS} from tasks where user_id = $1 and (updated_at, id) > ($2, $3)
        order by updated_at, id limit $4`,
      values: [user.sub, ...cursor.split(','), limit],
    })
    const last = rows.at(-1)
    return {
      changes: rows.map((row) => ({ type: 'upsert', task: row })),
      next_cursor: last ? `${last.updated_at.toISOString()},${last.id}` : cursor,
      has_more: rows.length === limit,
    }
  },
)

app.get<ById>(
  '/tasks/:id',
  { schema: { params, response: { 200: task } } },
  async (request, reply) => {
    const { rows } = await pool.query({
      name: 'get',
      text: `select ${COLUMNS} from tasks where user_id = $1 and id = $2`,
      values: [request.user.sub, request.params.id],
    })
    return rows[0] ?? reply.code(404).send()
  },
)

app.post<WithText>(
  '/tasks',
  { schema: { body, response: { 201: task } } },
  async (request, reply) => {
    const now = new Date()
    const { rows } = await pool.query({
      name: 'create',
      text: `insert into tasks (id, user_id, text, completed, position, created_at, updated_at)
        values ($1, $2, $3, false, $4, $5, $5) returning ${COLUMNS}`,
      values: [uuidv7(), request.user.sub, request.body.text, -now.getTime(), now],
    })
    return reply.code(201).send(rows[0])
  },
)

app.patch<ById & WithText>(
  '/tasks/:id',
  { schema: { params, body, response: { 200: task } } },
  async (request, reply) => {
    const { rows } = await pool.query(
      patchOf(request.user.sub, request.params.id, request.body.text),
    )
    return rows[0] ?? reply.code(404).send()
  },
)

app.post<ById>(
  '/tasks/:id/move',
  { schema: { params, response: { 200: task } } },
  async (request, reply) => {
    const { rows } = await pool.query({
      name: 'move',
      text: `update tasks set position = $1, updated_at = now()
        where user_id = $2 and id = $3 returning ${COLUMNS}`,
      values: [-Date.now(), request.user.sub, request.params.id],
    })
    return rows[0] ?? reply.code(404).send()
  },
)

app.post<Batch>(
  '/tasks/batch',
  { schema: { body: batch, response: { 200: results } } },
  async ({ user, body: { operations } }) => {
    const client = await pool.connect()
    try {
      await client.query('begin')
      const results = []
      for (const { id, body } of operations) {
        const { rows } = await client.query(patchOf(user.sub, id, body.text))
        results.push({ status: rows.length === 0 ? 404 : 200, task: rows[0] })
      }
      await client.query('commit')
      return { results }
    } catch (error) {
      await client.query('rollback')
      throw error
    } finally {
      client.release()
    }
  },
)

function patchOf(owner: string, id: string, text: string) {
  return {
    name: 'patch',
    text: `update tasks set text = $1, updated_at = now()
      where user_id = $2 and id = $3 returning ${COLUMNS}`,
    values: [text, owner, id],
  }
}

await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) })
