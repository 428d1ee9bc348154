import { existsSync } from 'node:fs'
import { mkdtemp, realpath, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import packaged, { inflate } from '@sparticuz/chromium'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterTestRun } from './after-test-run.ts'

export interface OpenPage {
  readonly page: Page
  /** Console errors, including violations of the content security policy, and uncaught errors. */
  readonly errors: readonly string[]
  /** The blocked requests to other hosts. */
  readonly blockedRequests: readonly string[]
  close(): Promise<void>
}

// Unpacking takes seconds, so it happens before any test's time limit starts.
const program = await findChromium()

let browser: Promise<Browser> | undefined

/**
 * Opens a blank page in headless Chromium with empty storage. It reaches only 127.0.0.1 and
 * localhost. All pages share one browser, which closes after the test run.
 */
export async function openPage(options: BrowserContextOptions = {}): Promise<OpenPage> {
  browser ??= launch()
  const context = await (await browser).newContext({ serviceWorkers: 'block', ...options })
  const errors: string[] = []
  const blockedRequests: string[] = []

  await context.route(isForeign, (route, request) => {
    blockedRequests.push(request.url())
    return route.abort('blockedbyclient')
  })
  await context.routeWebSocket(isForeign, (socket) => {
    blockedRequests.push(socket.url())
    return socket.close()
  })
  context.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  context.on('weberror', (error) => errors.push(`${error.error()}`))

  return { page: await context.newPage(), errors, blockedRequests, close: () => context.close() }
}

function isForeign(url: URL): boolean {
  return /^(https?|wss?):$/.test(url.protocol) && !/^(127\.0\.0\.1|localhost)$/.test(url.hostname)
}

async function launch(): Promise<Browser> {
  const launched = await chromium.launch({
    executablePath: program.path,
    env: { ...process.env, ...program.env },
    args: [
      // Also stops traffic that cannot be intercepted: DNS prefetches and the browser's own calls.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
      '--disable-gpu',
    ],
  })
  afterTestRun(() => {
    browser = undefined
    return launched.close()
  })
  return launched
}

interface Program {
  readonly path: string
  readonly env: Record<string, string>
}

/** Uses `CHROMIUM_PATH`, else the npm package if it supports this platform, else the PATH. */
async function findChromium(): Promise<Program> {
  const chosen = process.env['CHROMIUM_PATH']
  if (!chosen && process.platform === 'linux' && process.arch === 'x64') return unpackChromium()
  const path = chosen || Bun.which('chromium')
  if (path) return { path, env: {} }
  throw new Error('Chromium was not found. Install it or set CHROMIUM_PATH')
}

/**
 * Unpacks the package's browser with its libraries and font. This happens once: the result stays in
 * the package's folder until a new version replaces that.
 */
async function unpackChromium(): Promise<Program> {
  // The real path, because the folder may be shared, and the font's path is written into it.
  const home = await realpath(join(import.meta.dir, '../../node_modules/@sparticuz/chromium'))
  const folder = join(home, 'unpacked')
  if (!existsSync(folder)) {
    const partial = await mkdtemp(`${folder}-`)
    // The package unpacks to the temporary directory and reuses any files it finds there, even a
    // half-unpacked browser.
    await withTemporaryDirectory(partial, async () => {
      await packaged.executablePath()
      await inflate(join(home, 'bin/al2023.tar.br'))
    })
    await Bun.write(
      join(partial, 'fonts/fonts.conf'),
      `<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/fonts</cachedir></fontconfig>\n`,
    )
    await rename(partial, folder).catch(async (error) => {
      await rm(partial, { recursive: true })
      // Another process may have finished first.
      if (!existsSync(folder)) throw error
    })
  }
  return {
    path: join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
      FONTCONFIG_FILE: join(folder, 'fonts/fonts.conf'),
    },
  }
}

async function withTemporaryDirectory(path: string, action: () => Promise<void>): Promise<void> {
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = path
  try {
    await action()
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
}
