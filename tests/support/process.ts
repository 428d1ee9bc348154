import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from 'bun'

const ROOT = join(import.meta.dir, '..', '..')
const FROM_SOURCE = [process.execPath, join(ROOT, 'app', 'main.ts')]

/** The log line of a service that takes requests. */
const SERVING = /"port":(\d+).*"msg":"Serving"\}\n/
/** The last of what demo mode prints when it takes requests. */
export const GREETING = /curl -X POST http:\/\/127\.0\.0\.1:(\d+)\/tasks .*\n\n/

/** What the guard does once its standard input ends: with this process, however that ends. */
const KILL = 'read -r _; kill -KILL "$0"'

export interface ProcessOptions {
  /** All of the environment but `PATH` and `HOME`. Nothing else is inherited. */
  readonly environment?: Readonly<Record<string, string>>
  /** Where it runs. */
  readonly directory: string
  /** What runs in place of `bun app/main.ts`. */
  readonly program?: readonly string[]
}

/** A service in a process of its own, which is killed at the end of its scope. */
export interface ServiceProcess extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** What it has written so far, on standard output and standard error. */
  output(): string
  /** Resolves once the output matches; fails when the process ends before. */
  waitForOutput(pattern: RegExp): Promise<RegExpExecArray>
  send(path: string, init?: RequestInit): Promise<Response>
  signal(signal: NodeJS.Signals): void
  /** The exit code; 128 and the number of the signal where one killed it. */
  readonly exited: Promise<number>
  /** Sends a signal, waits for the end, and gives the exit code. */
  stop(signal: NodeJS.Signals): Promise<number>
}

/** A directory for as long as a scope lasts. */
export async function temporaryDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'taskport-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** Runs a command of the service to its end. */
export async function runCommand(args: readonly string[], options: ProcessOptions) {
  const child = start(args, options)
  const [exitCode, output, problems] = await Promise.all([
    child.exited,
    child.stdout.text(),
    child.stderr.text(),
  ])
  return { exitCode, output, problems }
}

/**
 * Starts the service on a free port and waits until it takes requests.
 *
 * @param ready what it then has written, its first group the port.
 */
export async function startService(
  options: ProcessOptions,
  ready: RegExp = SERVING,
): Promise<ServiceProcess> {
  const child = start([], { ...options, environment: { PORT: '0', ...options.environment } })
  const guard = spawn(['sh', '-c', KILL, `${child.pid}`], { stdin: 'pipe', detached: true })
  guard.unref()

  let output = ''
  let written = Promise.withResolvers<void>()
  async function gather(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder()
    for await (const bytes of stream) {
      output += decoder.decode(bytes, { stream: true })
      written.resolve()
      written = Promise.withResolvers()
    }
  }

  async function end(): Promise<number> {
    await Promise.all([gather(child.stdout), gather(child.stderr)])
    const exitCode = await child.exited
    guard.kill('SIGKILL')
    return exitCode
  }
  const exited = end()

  async function waitForOutput(pattern: RegExp): Promise<RegExpExecArray> {
    for (let running = true; ; ) {
      const match = pattern.exec(output)
      if (match !== null) return match
      if (!running) throw new Error(`The service ended without writing ${pattern}:\n${output}`)
      running = await Promise.race([written.promise.then(() => true), exited.then(() => false)])
    }
  }

  async function kill(): Promise<void> {
    child.kill('SIGKILL')
    await exited
  }

  try {
    const port = Number((await waitForOutput(ready))[1])
    const url = `http://127.0.0.1:${port}`
    return {
      url,
      port,
      pid: child.pid,
      output: () => output,
      waitForOutput,
      send: (path, init) => fetch(`${url}${path}`, init),
      signal: (signal) => child.kill(signal),
      exited,
      stop(signal) {
        child.kill(signal)
        return exited
      },
      [Symbol.asyncDispose]: kill,
    }
  } catch (error) {
    await kill()
    throw error
  }
}

function start(args: readonly string[], options: ProcessOptions) {
  const { environment, directory, program = FROM_SOURCE } = options
  const { PATH, HOME } = process.env
  return spawn([...program, ...args], {
    cwd: directory,
    env: { PATH, HOME, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}
