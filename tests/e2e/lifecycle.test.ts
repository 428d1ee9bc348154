import { describe, expect, test } from 'bun:test'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readList, readTask } from '../http/answers.ts'
import { bearer, SECRET } from '../support/config.ts'
import {
  directoryPerTest,
  GREETING,
  runCommand,
  type ServiceProcess,
  signInSecretOf,
  startService,
} from '../support/process.ts'
import { type Connection, connect } from '../support/socket.ts'

const directory = directoryPerTest()

function start(environment: Record<string, string> = {}) {
  return startService({
    directory: directory.path,
    environment: { NODE_ENV: 'production', BETTER_AUTH_SECRET: SECRET, ...environment },
  })
}

describe('without any configuration', () => {
  /** The `curl` command of the greeting and the token in it. */
  function greeting(output: string) {
    const [, line = '', token = ''] = /^ {2}(curl .*Bearer ([\w.-]+).*)$/m.exec(output) ?? []
    return { line, authorization: `Bearer ${token}` }
  }

  test('prints a curl command whose task and token survive a kill', async () => {
    let authorization: string
    {
      await using service = await startService({ directory: directory.path }, GREETING)
      const printed = greeting(service.output())
      authorization = printed.authorization
      const curl = Bun.spawn(['sh', '-c', `${printed.line} --silent --show-error --fail`])
      expect(await readTask(new Response(curl.stdout))).toMatchObject({ text: 'Buy milk' })
      const { mode } = await stat(join(directory.path, 'data', 'tasks.db.demo-secret'))
      expect(mode & 0o777).toBe(0o600)
      expect(await service.stop('SIGKILL')).toBe(137)
    }
    await using service = await startService({ directory: directory.path }, GREETING)
    for (const token of [authorization, greeting(service.output()).authorization]) {
      const response = await service.send('/tasks', { headers: { authorization: token } })
      expect((await readList(response)).tasks).toMatchObject([{ text: 'Buy milk' }])
    }
  })

  async function signIn(service: ServiceProcess, secret: string) {
    const response = await service.send('/docs/demo-token', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ secret }),
    })
    const { token }: { token?: string } = JSON.parse(await response.text())
    return { status: response.status, token }
  }

  test('prints an address to sign in that survives a kill, and prints it again', async () => {
    let secret: string
    {
      await using service = await startService({ directory: directory.path }, GREETING)
      secret = signInSecretOf(service.output())
      const { status, token } = await signIn(service, secret)
      expect(status).toBe(200)
      const headers = { authorization: `Bearer ${token}` }
      expect((await service.send('/tasks', { headers })).status).toBe(200)
      expect(await service.stop('SIGKILL')).toBe(137)
    }
    await using service = await startService({ directory: directory.path }, GREETING)
    expect(signInSecretOf(service.output())).toBe(secret)
    expect((await signIn(service, secret)).status).toBe(200)
    const environment = { PORT: `${service.port}` }
    expect(await runCommand(['demo'], { directory: directory.path, environment })).toStrictEqual({
      exitCode: 0,
      stdout: `${service.url}/#demo=${secret}\n${service.url}/docs#demo=${secret}\n`,
      stderr: '',
    })
  })

  test('refuses the address of an earlier start when the store is memory', async () => {
    const options = { directory: directory.path, environment: { DATABASE_URL: 'memory:' } }
    let secret: string
    {
      await using service = await startService(options, GREETING)
      secret = signInSecretOf(service.output())
    }
    await using service = await startService(options, GREETING)
    expect(await signIn(service, secret)).toStrictEqual({ status: 401, token: undefined })
    expect((await signIn(service, signInSecretOf(service.output()))).status).toBe(200)
  })

  test.each(['1', '2'])('logs no secret and no token, with WORKERS=%s', async (WORKERS) => {
    const environment = { WORKERS, LOG_LEVEL: 'trace' }
    await using service = await startService({ directory: directory.path, environment }, GREETING)
    const secret = signInSecretOf(service.output())
    const { token } = await signIn(service, secret)
    await signIn(service, 'wrong')
    expect(await service.stop('SIGTERM')).toBe(0)
    const lines = service.output().match(/^\{.*$/gm) ?? []
    expect(lines.filter((line) => line.includes('"/docs/demo-token"'))).toHaveLength(2)
    for (const line of lines)
      for (const text of [secret, `${token}`, 'eyJhbGciOi']) expect(line).not.toContain(text)
  })

  test('prints only the greeting when logs are silent', async () => {
    const environment = { LOG_LEVEL: 'silent' }
    await using service = await startService({ directory: directory.path, environment }, GREETING)
    expect(await service.stop('SIGTERM')).toBe(0)
    expect(service.output()).toMatch(
      /^\n {2}Open {9}http.*#demo=.*\n\n {2}Taskport runs in demo mode.*\n[^{]*curl .*\n\n$/,
    )
  })

  test('refuses to start in production and writes nothing', async () => {
    const environment = { NODE_ENV: 'production' }
    await expect(startService({ directory: directory.path, environment })).rejects.toThrow(
      'BETTER_AUTH_SECRET',
    )
    expect(await readdir(directory.path)).toStrictEqual([])
  })
})

test('keeps every acknowledged task after a kill', async () => {
  const { authorization } = await bearer('ann')
  const acknowledged: string[] = []
  {
    await using service = await start()
    const enough = Promise.withResolvers<void>()
    const writers = Array.from({ length: 16 }, async () => {
      for (;;) {
        const init = {
          method: 'POST',
          headers: { authorization, 'content-type': 'application/json' },
          body: '{"text":"x"}',
        }
        const response = await service.send('/tasks', init).catch(() => null)
        if (response === null) return
        acknowledged.push((await readTask(response)).id)
        if (acknowledged.length >= 200) enough.resolve()
      }
    })
    await enough.promise
    expect(await service.stop('SIGKILL')).toBe(137)
    await Promise.allSettled(writers)
  }
  await using service = await start()
  const { tasks } = await readList(await service.send('/tasks', { headers: { authorization } }))
  const kept = new Set(tasks.map(({ id }) => id))
  expect(acknowledged.filter((id) => !kept.has(id))).toStrictEqual([])
})

describe('SIGTERM and SIGINT', () => {
  /** Opens connections on which the service waits for a body. */
  async function openHalfSent(port: number, count: number): Promise<Connection[]> {
    const { authorization } = await bearer('ann')
    return Promise.all(
      Array.from({ length: count }, async (_, n) => {
        const connection = await connect(port)
        const framing = n % 2 === 0 ? 'Content-Length: 12' : 'Transfer-Encoding: chunked'
        await connection.send(
          `POST /tasks HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n${framing}\r\n\r\n`,
        )
        await connection.untilContinue()
        return connection
      }),
    )
  }

  async function untilRefused(port: number): Promise<void> {
    for (;;) {
      const connection = await connect(port).catch(() => null)
      if (connection === null) return
      connection.terminate()
    }
  }

  test.each(['SIGTERM', 'SIGINT'] as const)('%s completes requests in flight', async (signal) => {
    await using service = await start()
    const connections = await openHalfSent(service.port, 20)
    service.signal(signal)
    await untilRefused(service.port)
    const answers = await Promise.all(
      connections.map(async (connection, n) => {
        await connection.send(n % 2 === 0 ? '{"text":' : '8\r\n{"text":\r\n')
        await connection.send(n % 2 === 0 ? '"x"}' : '4\r\n"x"}\r\n0\r\n\r\n')
        return connection.allResponses()
      }),
    )
    expect(answers.map(([answer]) => answer?.status)).toStrictEqual(Array(20).fill(201))
    expect(await service.exited).toBe(0)
    expect(service.output()).toContain('"msg":"Stopped"')
  })

  test('answers a request that arrives together with the signal', async () => {
    await using service = await start()
    const request = 'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n'
    const connections = await Promise.all(
      Array.from({ length: 32 }, async () => {
        const connection = await connect(service.port)
        await connection.send(request)
        await connection.responses(1)
        return connection
      }),
    )
    service.signal('SIGTERM')
    await Promise.all(connections.map((connection) => connection.send(request)))
    for (const connection of connections) {
      const answers = await connection.allResponses()
      expect(answers.map(({ status }) => status)).toStrictEqual([200, 200])
    }
    expect(await service.exited).toBe(0)
  })

  test('sends `Connection: close` to clients that keep their connections', async () => {
    await using service = await start()
    const connections = await Promise.all(
      Array.from({ length: 8 }, async () => connect(service.port)),
    )
    const lastAnswers = Promise.all(
      connections.map(async (connection) => {
        for (let count = 1; ; count++) {
          await connection.send('GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n')
          const answers = await connection.responses(count)
          if (answers.length < count) return answers.at(-1)
        }
      }),
    )
    expect(await service.stop('SIGTERM')).toBe(0)
    expect(
      (await lastAnswers).filter((answer) => answer?.headers.get('connection') === 'close').length,
    ).toBeGreaterThan(0)
  })

  test('exits immediately on a second signal', async () => {
    await using service = await start({ SHUTDOWN_TIMEOUT_MS: '600000' })
    await openHalfSent(service.port, 1)
    service.signal('SIGTERM')
    await service.waitForOutput(/"msg":"Stopping"/)
    expect(await service.stop('SIGINT')).toBe(1)
  })

  test('aborts requests after the time limit and exits with 1', async () => {
    await using service = await start({ SHUTDOWN_TIMEOUT_MS: '100' })
    const [connection] = await openHalfSent(service.port, 1)
    expect(await service.stop('SIGTERM')).toBe(1)
    expect(await connection?.allResponses()).toStrictEqual([])
    expect(service.output()).toContain('Stopped before every request was finished')
  })

  test('exits with 0 when a connection has sent only part of a request head', async () => {
    await using service = await start({ SHUTDOWN_TIMEOUT_MS: '100' })
    using connection = await connect(service.port)
    await connection.send('GET /health HT')
    await service.send('/health')
    expect(await service.stop('SIGTERM')).toBe(0)
  })
})
