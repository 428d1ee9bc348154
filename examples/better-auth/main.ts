/** Starts a front end with Better Auth, and Taskport beside it on another origin, until Ctrl+C. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createAuth } from './auth.ts'
import { startServer } from './server.ts'

const baseUrl = `http://localhost:${process.env['PORT'] || 3000}`
const taskportUrl = process.env['TASKPORT_URL'] || 'http://127.0.0.1:8000'
const data = process.env['DATA_DIRECTORY'] || join(import.meta.dir, 'data')

const greeting = `
  Open ${baseUrl}
  and sign up with any e-mail address: none is sent.

  Taskport    ${taskportUrl}/docs
  Data        ${data}

  Ctrl+C stops both.

`

await mkdir(data, { recursive: true, mode: 0o700 })
const auth = await createAuth({
  baseUrl,
  secret: await keptSecret(join(data, 'auth.secret')),
  databasePath: join(data, 'auth.db'),
})
const server = startServer({ auth, baseUrl, taskportUrl })
const taskport = startTaskport()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => taskport.kill('SIGTERM'))
const [exitCode] = await once(taskport, 'exit')
await server.stop(true)
if (exitCode !== 0)
  process.stderr.write(
    `\nTaskport has ended. If ${taskportUrl} is taken, set TASKPORT_URL to another address.\n`,
  )
process.exit(exitCode ?? 1)

/** Better Auth's secret: made at the first start, and kept, so that sessions outlive a restart. */
async function keptSecret(path: string): Promise<string> {
  const fresh = randomBytes(32).toString('base64')
  try {
    await writeFile(path, fresh, { mode: 0o600, flag: 'wx' })
    return fresh
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    return await readFile(path, 'utf8')
  }
}

/** Taskport, told what it has to know of this front end and nothing else. */
function startTaskport() {
  const { hostname, port } = new URL(taskportUrl)
  const child = spawn(process.execPath, [join(import.meta.dir, '../../app/main.ts')], {
    // Away from a `.env` file, and from the Ctrl+C, which this process passes on in its own way.
    cwd: data,
    detached: true,
    env: {
      BETTER_AUTH_URL: baseUrl,
      CORS_ORIGINS: baseUrl,
      DATABASE_URL: 'sqlite:./tasks.db',
      HOST: hostname,
      PORT: port || '80',
      LOG_FORMAT: 'json',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    process.stdout.write(line.includes('"msg":"Serving"') ? greeting : `${line}\n`)
  })
  return child
}
