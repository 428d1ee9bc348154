import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { temporaryDirectory } from '../support/process.ts'
import type { Exchange } from './traffic.ts'

/** A violation of the document that the proxy found. */
export interface Problem {
  readonly ruleId: string
  readonly target: 'request' | 'response'
  readonly severity: 'info' | 'warning' | 'error'
  readonly message: string
  readonly path: string
  readonly status: number
}

export interface Recording {
  readonly exchanges: readonly Exchange[]
  readonly problems: readonly Problem[]
}

export interface RecordingProxy {
  readonly url: string
  /** Stops the proxy. */
  stop(): Promise<Recording>
}

interface Har {
  readonly log: { readonly entries: readonly HarEntry[] }
}
interface HarEntry {
  readonly request: {
    readonly method: string
    readonly url: string
    readonly headers: readonly { readonly name: string; readonly value: string }[]
    readonly postData?: { readonly text: string }
  }
  readonly response: {
    readonly status: number
    readonly headers: readonly { readonly name: string; readonly value: string }[]
    readonly content: { readonly text?: string }
  }
}

// Started directly: a runner would exit before the proxy has written everything.
const REDOCLY = join(import.meta.dir, '../../node_modules/.bin/redocly')

// The proxy writes one entry per line, and also splits entries at U+2028 and U+2029.
const CUT_ENTRY = /,\n {6}(?!\{)/g

/** Starts Redocly's proxy in front of a service, which validates and records all traffic. */
export async function startRecordingProxy(
  serviceUrl: string,
  documentPath: string,
): Promise<RecordingProxy> {
  const directory = await temporaryDirectory()
  const har = join(directory.path, 'traffic.har')
  // A file instead of a pipe: the proxy exits without waiting for a pipe to be read.
  const reportPath = join(directory.path, 'report.json')
  const report = openSync(reportPath, 'w')
  const child = spawn(
    process.execPath,
    [
      ...[REDOCLY, 'proxy', '--target', serviceUrl, '--port', '0', '--har', har],
      ...['--api', documentPath, '--match-mode', 'basepath', '--format', 'json'],
    ],
    {
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
      stdio: ['ignore', report, 'pipe'],
    },
  )
  closeSync(report)
  const ended = once(child, 'exit')
  if (child.stderr === null) throw new Error('The proxy has no output')
  const url = await listeningUrl(child.stderr)

  return {
    url,
    async stop() {
      child.kill('SIGINT')
      await ended
      const { problems }: { readonly problems: Problem[] } = await Bun.file(reportPath).json()
      const { log }: Har = JSON.parse((await Bun.file(har).text()).replaceAll(CUT_ENTRY, '\\u2028'))
      await directory[Symbol.asyncDispose]()
      return { exchanges: log.entries.map(exchangeOf), problems }
    },
  }
}

async function listeningUrl(log: Readable): Promise<string> {
  let output = ''
  return new Promise((resolve, reject) => {
    log.setEncoding('utf8').on('data', (lines: string) => {
      output += lines
      const [, url] = /Proxy listening on (\S+)/.exec(output) ?? []
      if (url) resolve(url)
    })
    log.on('end', () => reject(new Error(`The proxy did not start:\n${output}`)))
  })
}

function exchangeOf({ request, response }: HarEntry): Exchange {
  const url = new URL(request.url)
  return {
    method: request.method,
    path: url.pathname,
    query: url.searchParams,
    headers: headersOf(request.headers),
    body: request.postData?.text ?? null,
    status: response.status,
    responseHeaders: headersOf(response.headers),
    response: response.content.text ?? '',
  }
}

function headersOf(list: readonly { readonly name: string; readonly value: string }[]): Headers {
  return new Headers(list.map(({ name, value }): [string, string] => [name, value]))
}
