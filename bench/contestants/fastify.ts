/**
 * The same four operations, idiomatic for Fastify on Node: `@fastify/jwt` with its token cache, schemas
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

const COLUMNS = 'id, text, completed, created_at, updated_at, completed_at'
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
const params = { type: 'object', properties: { id } }
const body = { type: 'object', required: ['text'], properties: { text } }

await app.register(fastifyJwt, {
  secret: process.env['BETTER_AUTH_SECRET'] ?? '',
  verify: { algorithms: ['HS256'], cache: 10_000 },
})
app.addHook('onRequest', (request) => request.jwtVerify())

app.get('/tasks', { schema: { response: { 200: list } } }, async ({ user }) => {
  const { rows } = await pool.query({
    name: 'list',
    text: `select ${COLUMNS} from tasks where user_id = $1 order by created_at desc, id desc`,
    values: [user.sub],
  })
  return { tasks: rows, count: rows.length }
})

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
      text: `insert into tasks (id, user_id, text, completed, created_at, updated_at)
        values ($1, $2, $3, false, $4, $4) returning ${COLUMNS}`,
      values: [uuidv7(), request.user.sub, request.body.text, now],
    })
    return reply.code(201).send(rows[0])
  },
)

app.patch<ById & WithText>(
  '/tasks/:id',
  { schema: { params, body, response: { 200: task } } },
  async (request, reply) => {
    const { rows } = await pool.query({
      name: 'patch',
      text: `update tasks set text = $1, updated_at = now()
        where user_id = $2 and id = $3 returning ${COLUMNS}`,
      values: [request.body.text, request.user.sub, request.params.id],
    })
    return rows[0] ?? reply.code(404).send()
  },
)

await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) })
