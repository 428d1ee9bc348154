/**
 * The same four operations, idiomatic for Hono on Bun: its JWT middleware (without a cache), `postgres`,
 * no logs. Not an example.
 */
import { type Context, Hono } from 'hono'
import { jwt } from 'hono/jwt'
import postgres from 'postgres'
import { uuidv7 } from 'uuidv7'

interface Variables {
  jwtPayload: { readonly sub: string }
}

const sql = postgres(process.env['DATABASE_URL'] ?? '', { max: 10 })
const columns = sql`id, text, completed, created_at, updated_at, completed_at`
const app = new Hono<{ Variables: Variables }>()

app.use('/tasks/*', jwt({ secret: process.env['BETTER_AUTH_SECRET'] ?? '', alg: 'HS256' }))

app.get('/tasks', async (c) => {
  const tasks = await sql`select ${columns} from tasks
    where user_id = ${c.var.jwtPayload.sub} order by created_at desc, id desc`
  return c.json({ tasks, count: tasks.length })
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
  const [task] = await sql`insert into tasks (id, user_id, text, completed, created_at, updated_at)
    values (${uuidv7()}, ${c.var.jwtPayload.sub}, ${text}, false, ${now}, ${now})
    returning ${columns}`
  return c.json(task, 201)
})

app.patch('/tasks/:id', async (c) => {
  const text = await textOf(c)
  if (text === null) return c.json({ error: 'text' }, 422)
  const [task] = await sql`update tasks set text = ${text}, updated_at = now()
    where user_id = ${c.var.jwtPayload.sub} and id = ${c.req.param('id')} returning ${columns}`
  return task ? c.json(task) : c.notFound()
})

async function textOf(c: Context): Promise<string | null> {
  const { text }: { readonly text?: unknown } = Object(await c.req.json())
  return typeof text === 'string' && text !== '' && text.length <= 500 ? text : null
}

Bun.serve({ hostname: '127.0.0.1', port: Number(process.env['PORT']), fetch: app.fetch })
