import { afterAll, beforeAll, expect, mock, test } from 'bun:test'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type BetterAuthServer, type SignedUp, startBetterAuth } from '../support/better-auth.ts'
import { startService, temporaryDirectory } from '../support/process.ts'

const CREATED = 201
const UNAUTHORIZED = {
  status: 401,
  body: { error: 'UNAUTHORIZED', message: 'Invalid or expired token' },
}

/** What is set on this side, as README says. */
const ways = {
  publicKeys: () => ({ BETTER_AUTH_URL: auth.baseUrl }),
  sharedSecret: () => ({ BETTER_AUTH_SECRET: auth.secret }),
  both: () => ({ BETTER_AUTH_URL: auth.baseUrl, BETTER_AUTH_SECRET: auth.secret }),
}
type Way = keyof typeof ways

let auth: BetterAuthServer
let frontEnd: NextFrontEnd
let taskports: Record<Way, Taskport>
let people = 0
const cleanUp = new AsyncDisposableStack()

beforeAll(async () => {
  auth = await startBetterAuth()
  cleanUp.defer(auth.close)
  frontEnd = cleanUp.use(await startNextFrontEnd())
  const [publicKeys, sharedSecret, both] = await Promise.all([
    startTaskport('publicKeys'),
    startTaskport('sharedSecret'),
    startTaskport('both'),
  ])
  taskports = { publicKeys, sharedSecret, both }
}, 30_000)

afterAll(() => cleanUp.disposeAsync())

type Tokens = (person: SignedUp) => Promise<string>
const ofJwtPlugin: Tokens = ({ session }) => auth.token(session)
const ofNextRoute: Tokens = ({ session }) => frontEnd.token(session)

test.each<[name: string, way: Way, tokens: Tokens]>([
  ['a token of the jwt() plugin, with BETTER_AUTH_URL set', 'publicKeys', ofJwtPlugin],
  ["a token of README's Next.js route, with the secret shared", 'sharedSecret', ofNextRoute],
  ['a token of the jwt() plugin, with both set', 'both', ofJwtPlugin],
  ["a token of README's Next.js route, with both set", 'both', ofNextRoute],
])('from sign-up to tasks: %s', async (_name, way, tokens) => {
  const taskport = taskports[way]
  const [ann, bob] = [await someone(), await someone()]
  expect(await taskport.add(await tokens(ann), "Ann's")).toBe(CREATED)
  expect(await taskport.add(await tokens(bob), "Bob's")).toBe(CREATED)
  expect(await taskport.texts(await tokens(ann))).toEqual(["Ann's"])
  expect(await taskport.texts(await tokens(bob))).toEqual(["Bob's"])
})

test('both kinds of token of one person lead to the same tasks', async () => {
  const taskport = taskports.both
  const ann = await someone()
  expect(await taskport.add(await ofJwtPlugin(ann), 'One')).toBe(CREATED)
  expect(await taskport.add(await ofNextRoute(ann), 'Other')).toBe(CREATED)
  expect(await taskport.texts(await ofJwtPlugin(ann))).toEqual(['Other', 'One'])
})

test('what is not configured is not accepted', async () => {
  const ann = await someone()
  expect(await taskports.publicKeys.get(await ofNextRoute(ann))).toMatchObject(UNAUTHORIZED)
  expect(await taskports.sharedSecret.get(await ofJwtPlugin(ann))).toMatchObject(UNAUTHORIZED)
})

test("README's route gives no token without a session", async () => {
  const response = await frontEnd.get(new Headers())
  expect(response.status).toBe(401)
  expect(await response.json()).not.toHaveProperty('token')
})

test('a new key at the issuer works at once, without a restart here', async () => {
  const taskport = taskports.publicKeys
  const ann = await someone()
  const former = await auth.token(ann.session)
  expect(await taskport.add(former, 'With the former key')).toBe(CREATED)
  auth.rotateKey()
  const present = await auth.token(ann.session)
  expect(keyOf(present)).not.toBe(keyOf(former))
  expect(await taskport.add(present, 'With the new key')).toBe(CREATED)
  expect(await taskport.texts(former)).toEqual(['With the new key', 'With the former key'])
})

test('with the issuer down, people go on working; a fresh start says that it cannot tell', async () => {
  const taskport = taskports.publicKeys
  const [ann, bob] = [await someone(), await someone()]
  const [tokenOfAnn, tokenOfBob] = [await ofJwtPlugin(ann), await ofJwtPlugin(bob)]
  const secretTokenOfAnn = await ofNextRoute(ann)
  expect(await taskport.add(tokenOfAnn, 'Before')).toBe(CREATED)

  await auth.stop()
  try {
    expect(await taskport.add(tokenOfAnn, 'Meanwhile')).toBe(CREATED)
    // Never seen before, but of a known key.
    expect(await taskport.texts(tokenOfBob)).toEqual([])

    const fresh = await startTaskport('both')
    const { status, headers, body } = await fresh.get(tokenOfAnn)
    expect({ status, body }).toEqual({
      status: 503,
      body: { error: 'SERVICE_UNAVAILABLE', message: expect.any(String) },
    })
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    // The secret needs nobody else's word.
    expect(await fresh.texts(secretTokenOfAnn)).toEqual([])
  } finally {
    auth.start()
  }
})

test("Better Auth's token of the session cookie is refused", async () => {
  const taskport = taskports.both
  const { cookies } = await someone()
  const cookie = cookies.find((line) => line.startsWith('better-auth.session_data='))
  const [, token = ''] = cookie?.match(/=([^;]*)/) ?? []
  // It is signed, with the secret that both share.
  expect(JSON.parse(atob(token.split('.')[0] ?? ''))).toMatchObject({ alg: 'HS256' })
  expect(await taskport.get(token)).toMatchObject(UNAUTHORIZED)
})

function someone(): Promise<SignedUp> {
  people += 1
  return auth.signUp(`someone-${people}@people.example`)
}

function keyOf(token: string): unknown {
  return JSON.parse(atob(token.split('.')[0] ?? '')).kid
}

interface Taskport {
  get(token: string): Promise<{ status: number; headers: Headers; body: unknown }>
  /** Gives the status of the answer. */
  add(token: string, text: string): Promise<number>
  texts(token: string): Promise<string[]>
}

/** The service in a process of its own, as a client sees it. */
async function startTaskport(way: Way): Promise<Taskport> {
  const directory = cleanUp.use(await temporaryDirectory())
  const environment = { DATABASE_URL: 'memory:', ...ways[way]() }
  const { send } = cleanUp.use(await startService({ directory: directory.path, environment }))

  async function get(token: string) {
    const response = await send('/tasks', { headers: { authorization: `Bearer ${token}` } })
    return { status: response.status, headers: response.headers, body: await response.json() }
  }

  return {
    get,
    async add(token, text) {
      const response = await send('/tasks', {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ text }),
      })
      await response.text()
      return response.status
    },
    async texts(token) {
      const { body } = await get(token)
      const { tasks }: { tasks: { text: string }[] } = Object(body)
      return tasks.map(({ text }) => text)
    },
  }
}

interface NextFrontEnd extends Disposable {
  get(headers: Headers): Promise<Response>
  token(session: string): Promise<string>
}

/**
 * Runs the route that README shows, with Better Auth as it runs here in place of the front end's
 * own, and with the little that it uses of Next.js.
 */
async function startNextFrontEnd(): Promise<NextFrontEnd> {
  const readme = await Bun.file(join(import.meta.dir, '../../README.md')).text()
  const [, route = ''] =
    readme.match(/app\/api\/auth\/token\/route\.ts`:\n\n```ts\n(.*?)```/s) ?? []
  let requestHeaders = new Headers()
  mock.module('next/headers', () => ({ headers: async () => requestHeaders }))
  mock.module('@/lib/auth', () => ({
    auth: {
      api: {
        async getSession({ headers }: { readonly headers: Headers }): Promise<unknown> {
          return (await fetch(`${auth.baseUrl}/api/auth/get-session`, { headers })).json()
        },
      },
    },
  }))
  await using directory = await temporaryDirectory()
  const file = join(directory.path, 'route.ts')
  await Bun.write(file, route.replace("'jose'", JSON.stringify(import.meta.resolve('jose'))))
  const { GET }: { GET: () => Promise<Response> } = await import(pathToFileURL(file).href)

  const { BETTER_AUTH_SECRET: before } = process.env
  process.env['BETTER_AUTH_SECRET'] = auth.secret

  async function get(headers: Headers): Promise<Response> {
    requestHeaders = headers
    return GET()
  }

  return {
    get,
    async token(session) {
      const response = await get(new Headers({ authorization: `Bearer ${session}` }))
      const { token }: { token: string } = Object(await response.json())
      return token
    },
    [Symbol.dispose]() {
      if (before === undefined) delete process.env['BETTER_AUTH_SECRET']
      else process.env['BETTER_AUTH_SECRET'] = before
    },
  }
}
