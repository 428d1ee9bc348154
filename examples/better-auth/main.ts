/** Starts a front end with Better Auth, and Taskport on another origin. Ctrl+C stops both. */
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
  and sign up with any e-mail address. No e-mail is sent.

  Taskport    ${taskportUrl}/docs
  Assistants  ${taskportUrl}/mcp
  Data        ${data}

  Ctrl+C stops both.

`

await mkdir(data, { recursive: true, mode: 0o700 })
const auth = await createAuth({
  baseUrl,
  taskportUrl,
  secret: await loadSecret(join(data, 'auth.secret')),
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
    `\nTaskport has stopped. If ${taskportUrl} is in use, set TASKPORT_URL to another address, for example TASKPORT_URL=http://127.0.0.1:8001.\n`,
  )
process.exit(exitCode ?? 1)

/** Better Auth's secret: generated at the first start and stored, so that sessions survive a restart. */
async function loadSecret(path: string): Promise<string> {
  const fresh = randomBytes(32).toString('base64')
  try {
    await writeFile(path, fresh, { mode: 0o600, flag: 'wx' })
    return fresh
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    return await readFile(path, 'utf8')
  }
}

/** Starts Taskport with the settings that it needs for this front end. */
function startTaskport() {
  const { hostname, port } = new URL(taskportUrl)
  const child = spawn(process.execPath, [join(import.meta.dir, '../../app/main.ts')], {
    // Not in a folder with a `.env` file. Detached from Ctrl+C, which this process handles itself.
    cwd: data,
    detached: true,
    env: {
      BETTER_AUTH_URL: baseUrl,
      CORS_ORIGINS: baseUrl,
      DATABASE_URL: 'sqlite:./tasks.db',
      HOST: hostname,
      PORT: port || '80',
      PUBLIC_URL: taskportUrl,
      LOG_FORMAT: 'json',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    process.stdout.write(line.includes('"msg":"Serving"') ? greeting : `${line}\n`)
  })
  return child
}
