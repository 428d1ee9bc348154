/**
 * The same operations, idiomatic for Hono on Bun: its JWT middleware (without a cache), `postgres`, no
 * logs. Not an example.
 */
import { type Context, Hono } from 'hono'
import { jwt } from 'hono/jwt'
import postgres, { type Row } from 'postgres'
import { uuidv7 } from 'uuidv7'

interface Variables {
  jwtPayload: { readonly sub: string }
}

interface Patch {
  readonly id: string
  readonly body: { readonly text: string }
}

const START = '1970-01-01T00:00:00.000Z,00000000-0000-0000-0000-000000000000'

const sql = postgres(process.env['DATABASE_URL'] ?? '', { max: 10 })
const columns = sql`id, text, completed, created_at, updated_at, completed_at`
const app = new Hono<{ Variables: Variables }>()

const orders: Readonly<Record<string, postgres.PendingQuery<Row[]>>> = {
  '-created_at': sql`created_at desc, id desc`,
  '-updated_at': sql`updated_at desc, id desc`,
  order: sql`position`,
}

app.use('/tasks/*', jwt({ secret: process.env['BETTER_AUTH_SECRET'] ?? '', alg: 'HS256' }))

app.get('/tasks', async (c) => {
  const { sort = '-created_at', completed, q, limit } = c.req.query()
  const order = orders[sort]
  if (order === undefined) return c.json({ error: 'sort' }, 422)
  const tasks = await sql`select ${columns} from tasks where user_id = ${c.var.jwtPayload.sub}
    ${completed === undefined ? sql`` : sql`and completed = ${completed === 'true'}`}
    ${q === undefined ? sql`` : sql`and text ilike ${`%${q}%`}`}
    order by ${order} ${limit === undefined ? sql`` : sql`limit ${Number(limit)}`}`
  return c.json({ tasks, count: tasks.length })
})

app.get('/tasks/changes', async (c) => {
  const { cursor = START, limit = '100' } = c.req.query()
  const [time = '', id = ''] = cursor.split(',')
  const tasks = await sql`select ${columns} from tasks
    where user_id = ${c.var.jwtPayload.sub} and (updated_at, id) > (${time}, ${id})
    order by updated_at, id limit ${Number(limit)}`
  const last = tasks.at(-1)
  return c.json({
    changes: tasks.map((task) => ({ type: 'upsert', task })),
    next_cursor: last ? `${last['updated_at'].toISOString()},${last['id']}` : cursor,
    has_more: tasks.length === Number(limit),
  })
})

app.get('/tasks/:id', async (c) => {
  const [task] = await sql`select ${columns} from tasks
    where user_id = ${c.var.jwtPayload.sub} and id = ${c.req.param('id')}`
  return task ? c.json(task) : c.notFound()
})

app.post('/tasks', async (c) => {
  const text = await textOf(c)
  if (text === null) return c.json({ error: 'text' }, 422)
  const now = new Date()
  const [task] = await sql`
    insert into tasks (id, user_id, text, completed, position, created_at, updated_at)
    values (${uuidv7()}, ${c.var.jwtPayload.sub}, ${text}, false, ${-now.getTime()}, ${now}, ${now})
    returning ${columns}`
  return c.json(task, 201)
})

app.patch('/tasks/:id', async (c) => {
  const text = await textOf(c)
  if (text === null) return c.json({ error: 'text' }, 422)
  const [task] = await patch(sql, c.var.jwtPayload.sub, c.req.param('id'), text)
  return task ? c.json(task) : c.notFound()
})

app.post('/tasks/:id/move', async (c) => {
  const [task] = await sql`update tasks set position = ${-Date.now()}, updated_at = now()
    where user_id = ${c.var.jwtPayload.sub} and id = ${c.req.param('id')} returning ${columns}`
  return task ? c.json(task) : c.notFound()
})

app.post('/tasks/batch', async (c) => {
  const { operations }: { readonly operations: readonly Patch[] } = await c.req.json()
  const owner = c.var.jwtPayload.sub
  // The driver sends all of them at once.
  const updated = await sql.begin((transaction) =>
    operations.map(({ id, body }) => patch(transaction, owner, id, body.text)),
  )
  return c.json({ results: updated.map(([task]) => ({ status: task ? 200 : 404, task })) })
})

function patch(on: postgres.ISql, owner: string, id: string, text: string) {
  return on`update tasks set text = ${text}, updated_at = now()
    where user_id = ${owner} and id = ${id} returning ${columns}`
}

async function textOf(c: Context): Promise<string | null> {
  const { text }: { readonly text?: unknown } = Object(await c.req.json())
  return typeof text === 'string' && text !== '' && text.length <= 500 ? text : null
}

Bun.serve({ hostname: '127.0.0.1', port: Number(process.env['PORT']), fetch: app.fetch })
