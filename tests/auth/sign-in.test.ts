import { afterAll, beforeAll, expect, mock, test } from 'bun:test'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  type BetterAuthServer,
  type SignedUpUser,
  startBetterAuth,
} from '../support/better-auth.ts'
import { startService, temporaryDirectory } from '../support/process.ts'

const CREATED = 201
const UNAUTHORIZED = {
  status: 401,
  body: { error: 'UNAUTHORIZED', message: 'Invalid or expired token' },
}

/** The variables of each configuration that the documentation describes. */
const configurations = {
  publicKeys: () => ({ BETTER_AUTH_URL: auth.baseUrl }),
  sharedSecret: () => ({ BETTER_AUTH_SECRET: auth.secret }),
  both: () => ({ BETTER_AUTH_URL: auth.baseUrl, BETTER_AUTH_SECRET: auth.secret }),
}
type ConfigurationName = keyof typeof configurations

let auth: BetterAuthServer
let frontEnd: NextFrontEnd
let services: Record<ConfigurationName, Taskport>
let signUps = 0
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
  services = { publicKeys, sharedSecret, both }
}, 30_000)

afterAll(() => cleanUp.disposeAsync())

type IssueToken = (user: SignedUpUser) => Promise<string>
const tokenOfJwtPlugin: IssueToken = ({ session }) => auth.token(session)
const tokenOfNextRoute: IssueToken = ({ session }) => frontEnd.token(session)

test.each<[what: string, name: ConfigurationName, issue: IssueToken]>([
  ['a token of the jwt() plugin, with BETTER_AUTH_URL set', 'publicKeys', tokenOfJwtPlugin],
  [
    "a token of README's Next.js route, with BETTER_AUTH_SECRET set",
    'sharedSecret',
    tokenOfNextRoute,
  ],
  ['a token of the jwt() plugin, with both set', 'both', tokenOfJwtPlugin],
  ["a token of README's Next.js route, with both set", 'both', tokenOfNextRoute],
])('creates and lists the tasks of two users with %s', async (_what, name, issue) => {
  const taskport = services[name]
  const [ann, bob] = [await signUp(), await signUp()]
  expect(await taskport.add(await issue(ann), "Ann's")).toBe(CREATED)
  expect(await taskport.add(await issue(bob), "Bob's")).toBe(CREATED)
  expect(await taskport.texts(await issue(ann))).toEqual(["Ann's"])
  expect(await taskport.texts(await issue(bob))).toEqual(["Bob's"])
})

test('gives a user the same tasks with either kind of token', async () => {
  const taskport = services.both
  const ann = await signUp()
  expect(await taskport.add(await tokenOfJwtPlugin(ann), 'One')).toBe(CREATED)
  expect(await taskport.add(await tokenOfNextRoute(ann), 'Other')).toBe(CREATED)
  expect(await taskport.texts(await tokenOfJwtPlugin(ann))).toEqual(['Other', 'One'])
})

test('refuses tokens of the kind that is not configured', async () => {
  const ann = await signUp()
  expect(await services.publicKeys.get(await tokenOfNextRoute(ann))).toMatchObject(UNAUTHORIZED)
  expect(await services.sharedSecret.get(await tokenOfJwtPlugin(ann))).toMatchObject(UNAUTHORIZED)
})

test("README's route issues no token without a session", async () => {
  const response = await frontEnd.get(new Headers())
  expect(response.status).toBe(401)
  expect(await response.json()).not.toHaveProperty('token')
})

test('accepts a new key of the issuer without a restart', async () => {
  const taskport = services.publicKeys
  const ann = await signUp()
  const former = await auth.token(ann.session)
  expect(await taskport.add(former, 'With the former key')).toBe(CREATED)
  auth.rotateKey()
  const present = await auth.token(ann.session)
  expect(keyOf(present)).not.toBe(keyOf(former))
  expect(await taskport.add(present, 'With the new key')).toBe(CREATED)
  expect(await taskport.texts(former)).toEqual(['With the new key', 'With the former key'])
})

test('refuses a key that the issuer has deleted once it knows the new key', async () => {
  const taskport = await startTaskport('publicKeys')
  const ann = await signUp()
  const former = await auth.token(ann.session)
  expect(await taskport.add(former, 'With the former key')).toBe(CREATED)
  auth.replaceKeys()
  expect(await taskport.add(await auth.token(ann.session), 'With the new key')).toBe(CREATED)
  expect(await taskport.get(former)).toMatchObject(UNAUTHORIZED)
})

test('accepts known keys while the issuer is down, and answers 503 to unknown ones', async () => {
  const taskport = await startTaskport('publicKeys')
  const [ann, bob] = [await signUp(), await signUp()]
  const [tokenOfAnn, tokenOfBob] = [await tokenOfJwtPlugin(ann), await tokenOfJwtPlugin(bob)]
  const secretTokenOfAnn = await tokenOfNextRoute(ann)
  expect(await taskport.add(tokenOfAnn, 'Before')).toBe(CREATED)
  auth.rotateKey()
  const tokenOfNewKey = await tokenOfJwtPlugin(ann)

  await auth.stop()
  try {
    expect(await taskport.add(tokenOfAnn, 'Meanwhile')).toBe(CREATED)
    // This token is new, but its key is known.
    expect(await taskport.texts(tokenOfBob)).toEqual([])

    const fresh = await startTaskport('both')
    for (const answer of [await taskport.get(tokenOfNewKey), await fresh.get(tokenOfAnn)]) {
      const { status, headers, body } = answer
      expect({ status, body }).toEqual({
        status: 503,
        body: { error: 'SERVICE_UNAVAILABLE', message: expect.any(String) },
      })
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    }
    // The secret does not need the issuer.
    expect(await fresh.texts(secretTokenOfAnn)).toEqual([])
  } finally {
    auth.start()
  }
})

test("refuses the token of Better Auth's session cookie", async () => {
  const taskport = services.both
  const { cookies } = await signUp()
  const cookie = cookies.find((line) => line.startsWith('better-auth.session_data='))
  const [, token = ''] = cookie?.match(/=([^;]*)/) ?? []
  expect(token.split('.')).toHaveLength(3)
  // It is signed with the shared secret.
  expect(JSON.parse(atob(token.split('.')[0] ?? ''))).toMatchObject({ alg: 'HS256' })
  expect(await taskport.get(token)).toMatchObject(UNAUTHORIZED)
})

function signUp(): Promise<SignedUpUser> {
  signUps += 1
  return auth.signUp(`user-${signUps}@people.example`)
}

function keyOf(token: string): unknown {
  return JSON.parse(atob(token.split('.')[0] ?? '')).kid
}

interface Taskport {
  get(token: string): Promise<{ status: number; headers: Headers; body: unknown }>
  /** Creates a task and returns the status. */
  add(token: string, text: string): Promise<number>
  texts(token: string): Promise<string[]>
}

/** Starts the service in its own process, as clients see it. */
async function startTaskport(name: ConfigurationName): Promise<Taskport> {
  const directory = cleanUp.use(await temporaryDirectory())
  const environment = { DATABASE_URL: 'memory:', ...configurations[name]() }
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
 * Runs the route that README shows. Better Auth and the used parts of Next.js are replaced by the
 * server of these tests and by stubs.
 */
async function startNextFrontEnd(): Promise<NextFrontEnd> {
  const readme = await Bun.file(join(import.meta.dir, '../../docs/front-end.md')).text()
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
