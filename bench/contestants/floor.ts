/**
 * The baseline ("floor"): a hand-written server for these four operations, with the same driver, tables
 * and tokens, but without a framework, validation, logs, limits or error handling. On SQLite it commits
 * the writes of one turn of the event loop together, or each write on its own with FLOOR_COMMITS=each.
 * Not an example.
 */
import { Database } from 'bun:sqlite'
import { createHmac, timingSafeEqual } from 'node:crypto'
import postgres from 'postgres'
import { uuidv7 } from 'uuidv7'

interface Row {
  readonly id: string
  readonly text: string
  readonly completed: boolean | number
  readonly created_at: string | Date
  readonly updated_at: string | Date
  readonly completed_at: string | Date | null
}

interface Store {
  list(owner: string): Promise<readonly Row[]> | readonly Row[]
  get(owner: string, id: string): Promise<Row | undefined> | Row | undefined
  create(owner: string, text: string): Promise<Row> | Row
  patch(owner: string, id: string, text: string): Promise<Row | undefined> | Row | undefined
}

const COLUMNS = 'id, text, completed, created_at, updated_at, completed_at'
const INSERT = `insert into tasks (id, user_id, text, completed, created_at, updated_at)`
const url = process.env['DATABASE_URL'] ?? ''
const secret = process.env['BETTER_AUTH_SECRET'] ?? ''
const store = url.startsWith('sqlite:')
  ? openSqlite(url.slice('sqlite:'.length))
  : openPostgres(url)

function openPostgres(address: string): Store {
  const sql = postgres(address, { max: 10 })
  const columns = sql.unsafe(COLUMNS)
  return {
    list: (owner) =>
      sql<
        Row[]
      >`select ${columns} from tasks where user_id = ${owner} order by created_at desc, id desc`,
    get: async (owner, id) =>
      (await sql<Row[]>`select ${columns} from tasks where user_id = ${owner} and id = ${id}`)[0],
    async create(owner, text) {
      const id = uuidv7()
      const now = new Date()
      await sql`insert into tasks (id, user_id, text, completed, created_at, updated_at)
        values (${id}, ${owner}, ${text}, false, ${now}, ${now})`
      return { id, text, completed: false, created_at: now, updated_at: now, completed_at: null }
    },
    patch: async (owner, id, text) =>
      (
        await sql<Row[]>`update tasks set text = ${text}, updated_at = now()
          where user_id = ${owner} and id = ${id} returning ${columns}`
      )[0],
  }
}

function openSqlite(path: string): Store {
  const database = new Database(path)
  database.run('pragma journal_mode = wal')
  database.run('pragma synchronous = full')
  const list = database.query<Row, [string]>(
    `select ${COLUMNS} from tasks where user_id = ? order by created_at desc, id desc`,
  )
  const get = database.query<Row, [string, string]>(
    `select ${COLUMNS} from tasks where user_id = ? and id = ?`,
  )
  const create = database.query(`${INSERT} values (?, ?, ?, 0, ?, ?)`)
  const patch = database.query<Row, [string, string, string, string]>(
    `update tasks set text = ?, updated_at = ? where user_id = ? and id = ? returning ${COLUMNS}`,
  )
  const commit = process.env['FLOOR_COMMITS'] === 'each' ? each : inGroups(database)
  return {
    list: (owner) => list.all(owner),
    get: (owner, id) => get.get(owner, id) ?? undefined,
    create: (owner, text) =>
      commit(() => {
        const id = uuidv7()
        const now = new Date().toISOString()
        create.run(id, owner, text, now, now)
        return { id, text, completed: 0, created_at: now, updated_at: now, completed_at: null }
      }),
    patch: (owner, id, text) =>
      commit(() => patch.get(text, new Date().toISOString(), owner, id) ?? undefined),
  }
}

type Commit = <T>(write: () => T) => Promise<T> | T

function each<T>(write: () => T): T {
  return write()
}

function inGroups(database: Database): Commit {
  let writes: (() => () => void)[] = []
  const transaction = database.transaction(() => writes.map((write) => write()))
  function flush(): void {
    const answers = transaction.immediate()
    writes = []
    for (const answer of answers) answer()
  }
  return (write) =>
    new Promise((resolve) => {
      const first = writes.push(() => {
        const result = write()
        return () => resolve(result)
      })
      if (first === 1) setImmediate(flush)
    })
}

const owners = new Map<string, string>()

function ownerOf(request: Request): string {
  const authorization = request.headers.get('authorization') ?? ''
  const known = owners.get(authorization)
  if (known !== undefined) return known
  const [header = '', payload = '', signature = ''] = authorization
    .slice('Bearer '.length)
    .split('.')
  const expected = createHmac('sha256', secret).update(`${header}.${payload}`).digest()
  if (!timingSafeEqual(expected, Buffer.from(signature, 'base64url'))) throw new Error('bad token')
  const { sub } = JSON.parse(Buffer.from(payload, 'base64url').toString())
  owners.set(authorization, sub)
  return sub
}

function present(row: Row | undefined): Response {
  if (row === undefined) return new Response(null, { status: 404 })
  return Response.json({ ...row, completed: Boolean(row.completed) })
}

async function textOf(request: Request): Promise<string> {
  const { text }: { readonly text?: unknown } = Object(await request.json())
  return `${text}`
}

Bun.serve({
  hostname: '127.0.0.1',
  port: Number(process.env['PORT']),
  routes: {
    '/tasks': {
      async GET(request) {
        const rows = await store.list(ownerOf(request))
        const tasks = rows.map((row) => ({ ...row, completed: Boolean(row.completed) }))
        return Response.json({ tasks, count: tasks.length })
      },
      async POST(request) {
        const row = await store.create(ownerOf(request), await textOf(request))
        return Response.json({ ...row, completed: false }, { status: 201 })
      },
    },
    '/tasks/:id': {
      GET: async (request) => present(await store.get(ownerOf(request), request.params.id)),
      PATCH: async (request) =>
        present(await store.patch(ownerOf(request), request.params.id, await textOf(request))),
    },
  },
})
