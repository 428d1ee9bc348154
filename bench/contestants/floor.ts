/**
 * The baseline ("floor"): a hand-written server for these operations, with the same driver and tokens,
 * but without a framework, validation, logs, limits or error handling. Each request is one statement; a
 * list does not count the tasks of other pages. On SQLite it commits the writes of one turn of the event
 * loop together. Not an example.
 */
import { Database, type SQLQueryBindings } from 'bun:sqlite'
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

interface Patch {
  readonly id: string
  readonly text: string
}

type Later<T> = Promise<T> | T

interface Store {
  list(owner: string, query: URLSearchParams): Later<readonly Row[]>
  changes(owner: string, time: string, id: string, limit: number): Later<readonly Row[]>
  get(owner: string, id: string): Later<Row | undefined>
  create(owner: string, text: string): Later<Row>
  patch(owner: string, patch: Patch): Later<Row | undefined>
  /** The order is that of `position`, so nothing must be read to move a task to the top. */
  moveToTop(owner: string, id: string): Later<Row | undefined>
  /** In any order. */
  batch(owner: string, patches: readonly Patch[]): Later<readonly (Row | undefined)[]>
}

const COLUMNS = 'id, text, completed, created_at, updated_at, completed_at'
const url = process.env['DATABASE_URL'] ?? ''
const secret = process.env['BETTER_AUTH_SECRET'] ?? ''
const store = url.startsWith('sqlite:')
  ? openSqlite(url.slice('sqlite:'.length))
  : openPostgres(url)

const ORDERS: Readonly<Record<string, string>> = {
  '-created_at': 'created_at desc, id desc',
  '-updated_at': 'updated_at desc, id desc',
  order: 'position',
}

function listStatement(query: URLSearchParams, isOwner: string, isFound: string): string {
  const limit = query.get('limit')
  return [
    `select ${COLUMNS} from tasks where ${isOwner}`,
    query.get('completed') === 'false' ? 'and not completed' : '',
    query.has('q') ? `and ${isFound}` : '',
    `order by ${ORDERS[query.get('sort') ?? '-created_at']}`,
    limit === null ? '' : `limit ${Number(limit)}`,
  ].join(' ')
}

function valuesOf(owner: string, query: URLSearchParams): string[] {
  const words = query.get('q')
  return words === null ? [owner] : [owner, `%${words}%`]
}

function openPostgres(address: string): Store {
  const sql = postgres(address, { max: 10, prepare: process.env['FLOOR_PREPARES'] !== 'never' })
  const columns = sql.unsafe(COLUMNS)
  return {
    list: (owner, query) =>
      sql.unsafe<Row[]>(
        listStatement(query, 'user_id = $1', 'text ilike $2'),
        valuesOf(owner, query),
        { prepare: true },
      ),
    changes: (owner, time, id, limit) =>
      sql<Row[]>`select ${columns} from tasks
        where user_id = ${owner} and (updated_at, id) > (${time}, ${id})
        order by updated_at, id limit ${limit}`,
    get: async (owner, id) =>
      (await sql<Row[]>`select ${columns} from tasks where user_id = ${owner} and id = ${id}`)[0],
    async create(owner, text) {
      const id = uuidv7()
      const now = new Date()
      await sql`insert into tasks (id, user_id, text, completed, position, created_at, updated_at)
        values (${id}, ${owner}, ${text}, false, ${-now.getTime()}, ${now}, ${now})`
      return { id, text, completed: false, created_at: now, updated_at: now, completed_at: null }
    },
    patch: async (owner, { id, text }) =>
      (
        await sql<Row[]>`update tasks set text = ${text}, updated_at = now()
          where user_id = ${owner} and id = ${id} returning ${columns}`
      )[0],
    moveToTop: async (owner, id) =>
      (
        await sql<Row[]>`update tasks set position = ${-Date.now()}, updated_at = now()
          where user_id = ${owner} and id = ${id} returning ${columns}`
      )[0],
    batch: (owner, patches) =>
      sql<Row[]>`update tasks set text = words, updated_at = now()
        from unnest(${patches.map(({ id }) => id)}::uuid[], ${patches.map(({ text }) => text)}::text[])
          as patches (task, words)
        where user_id = ${owner} and id = task returning ${columns}`,
  }
}

function openSqlite(path: string): Store {
  const database = new Database(path)
  database.run('pragma journal_mode = wal')
  database.run('pragma synchronous = full')
  const query = <Values extends SQLQueryBindings[]>(text: string) =>
    database.query<Row, Values>(text)
  const changes = query<[string, string, string, number]>(
    `select ${COLUMNS} from tasks where user_id = ? and (updated_at, id) > (?, ?)
      order by updated_at, id limit ?`,
  )
  const get = query<[string, string]>(`select ${COLUMNS} from tasks where user_id = ? and id = ?`)
  const create = query<[string, string, string, number, string, string]>(
    `insert into tasks (id, user_id, text, completed, position, created_at, updated_at)
      values (?, ?, ?, 0, ?, ?, ?)`,
  )
  const patch = query<[string, string, string, string]>(
    `update tasks set text = ?, updated_at = ? where user_id = ? and id = ? returning ${COLUMNS}`,
  )
  const move = query<[number, string, string, string]>(
    `update tasks set position = ?, updated_at = ? where user_id = ? and id = ? returning ${COLUMNS}`,
  )
  const commit = inGroups(database)
  const patchOne = (owner: string, { id, text }: Patch) =>
    patch.get(text, new Date().toISOString(), owner, id) ?? undefined
  return {
    list: (owner, wanted) =>
      query<string[]>(listStatement(wanted, 'user_id = ?', 'text like ?')).all(
        ...valuesOf(owner, wanted),
      ),
    changes: (owner, time, id, limit) => changes.all(owner, time, id, limit),
    get: (owner, id) => get.get(owner, id) ?? undefined,
    create: (owner, text) =>
      commit(() => {
        const id = uuidv7()
        const now = new Date().toISOString()
        create.run(id, owner, text, -Date.now(), now, now)
        return { id, text, completed: 0, created_at: now, updated_at: now, completed_at: null }
      }),
    patch: (owner, one) => commit(() => patchOne(owner, one)),
    moveToTop: (owner, id) =>
      commit(() => move.get(-Date.now(), new Date().toISOString(), owner, id) ?? undefined),
    batch: (owner, patches) => commit(() => patches.map((one) => patchOne(owner, one))),
  }
}

function inGroups(database: Database): <T>(write: () => T) => Promise<T> {
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

function queryOf({ url }: Request): URLSearchParams {
  const start = url.indexOf('?')
  return new URLSearchParams(start < 0 ? '' : url.slice(start))
}

function taskOf(row: Row) {
  return { ...row, completed: Boolean(row.completed) }
}

function present(row: Row | undefined): Response {
  return row === undefined ? new Response(null, { status: 404 }) : Response.json(taskOf(row))
}

async function bodyOf<Body>(request: Request): Promise<Body> {
  return Object(await request.json())
}

Bun.serve({
  hostname: '127.0.0.1',
  port: Number(process.env['PORT']),
  routes: {
    '/tasks': {
      async GET(request) {
        const tasks = (await store.list(ownerOf(request), queryOf(request))).map(taskOf)
        return Response.json({ tasks, count: tasks.length })
      },
      async POST(request) {
        const { text } = await bodyOf<{ text: string }>(request)
        return Response.json(taskOf(await store.create(ownerOf(request), text)), { status: 201 })
      },
    },
    '/tasks/changes': {
      async GET(request) {
        const query = queryOf(request)
        const cursor =
          query.get('cursor') ?? '1970-01-01T00:00:00.000Z,00000000-0000-0000-0000-000000000000'
        const [time = '', id = ''] = cursor.split(',')
        const limit = Number(query.get('limit') ?? 100)
        const rows = await store.changes(ownerOf(request), time, id, limit)
        const changes = rows.map((row) => ({ type: 'upsert', task: taskOf(row) }))
        const last = changes.at(-1)?.task
        return Response.json({
          changes,
          next_cursor: last ? `${new Date(last.updated_at).toISOString()},${last.id}` : cursor,
          has_more: changes.length === limit,
        })
      },
    },
    '/tasks/batch': {
      async POST(request) {
        const { operations } = await bodyOf<{
          operations: { id: string; body: { text: string } }[]
        }>(request)
        const patches = operations.map(({ id, body: { text } }) => ({ id, text }))
        const rows = await store.batch(ownerOf(request), patches)
        const byId = new Map(rows.map((row) => [row?.id, row]))
        const results = patches.map(({ id }) => {
          const row = byId.get(id)
          return row ? { status: 200, task: taskOf(row) } : { status: 404 }
        })
        return Response.json({ results })
      },
    },
    '/tasks/:id': {
      GET: async (request) => present(await store.get(ownerOf(request), request.params.id)),
      async PATCH(request) {
        const { text } = await bodyOf<{ text: string }>(request)
        return present(await store.patch(ownerOf(request), { id: request.params.id, text }))
      },
    },
    '/tasks/:id/move': {
      POST: async (request) => present(await store.moveToTop(ownerOf(request), request.params.id)),
    },
  },
})
