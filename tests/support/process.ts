import { afterEach, beforeEach, expect } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from 'bun'

const ROOT = join(import.meta.dir, '..', '..')
const FROM_SOURCE = [process.execPath, '--no-env-file', join(ROOT, 'app', 'main.ts')]

/** The log line of a service that accepts requests. */
const SERVING = /"port":(\d+).*"msg":"Serving"\}\n/
/** The end of the greeting that demo mode prints once it accepts requests. */
export const GREETING = /curl -X POST http:\/\/127\.0\.0\.1:(\d+)\/tasks .*\n\n/

/** The secret in the printed address that signs a browser in, in demo mode. */
export function signInSecretOf(output: string): string {
  const [, secret] = /\/docs#demo=([\w-]+)\n/.exec(output) ?? []
  if (secret === undefined) throw new Error(`No address with a secret was printed:\n${output}`)
  return secret
}

/** Kills the service once standard input closes, which happens however this process ends. */
const KILL = 'read -r _; kill -KILL "$0"'

export interface ProcessOptions {
  /** The whole environment, except for `PATH` and `HOME`, which are inherited. */
  readonly environment?: Readonly<Record<string, string>>
  /** The working directory. */
  readonly directory: string
  /** Replaces `bun app/main.ts`. */
  readonly program?: readonly string[]
}

/** A service in its own process, which is killed at the end of its scope. */
export interface ServiceProcess extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** Standard output and standard error so far. */
  output(): string
  /** Resolves once the output matches. Rejects if the process ends first. */
  waitForOutput(pattern: RegExp): Promise<RegExpExecArray>
  send(path: string, init?: RequestInit): Promise<Response>
  signal(signal: NodeJS.Signals): void
  /** The exit code, or 128 plus the signal number if a signal killed the process. */
  readonly exited: Promise<number>
  /** Sends a signal and resolves with the exit code. */
  stop(signal: NodeJS.Signals): Promise<number>
}

/** An empty directory that is removed at the end of its scope. */
export async function temporaryDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'taskport-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** Gives each test of a file an empty directory. Call it once, at the top of the file. */
export function directoryPerTest(): { readonly path: string } {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>> | undefined
  beforeEach(async () => {
    directory = await temporaryDirectory()
  })
  afterEach(() => directory?.[Symbol.asyncDispose]())
  return {
    get path() {
      if (directory === undefined) throw new Error('There is no directory outside of tests')
      return directory.path
    },
  }
}

/** Runs a command of the service until it exits. */
export async function runCommand(args: readonly string[], options: ProcessOptions) {
  const child = start(args, options)
  const [exitCode, stdout, stderr] = await Promise.all([
    child.exited,
    child.stdout.text(),
    child.stderr.text(),
  ])
  return { exitCode, stdout, stderr }
}

/**
 * Starts the service on a free port and waits until it accepts requests.
 *
 * @param ready matches the output that says so. Its first group is the port.
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

/** Stops the service. Expects exit code 0 and no warnings in its log: clients cause only `info`. */
export async function stopCleanly(service: ServiceProcess): Promise<void> {
  const exitCode = await service.stop('SIGTERM')
  expect(service.output()).not.toMatch(/"level":"(warn|error|fatal)"/)
  expect(exitCode).toBe(0)
}

/** The resident memory of a process. */
export async function residentBytes(pid: number): Promise<number> {
  return 1024 * Number(await Bun.$`ps -o rss= -p ${pid}`.text())
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
