import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { findChromium, launchChromium } from '../../scripts/chromium.ts'
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
  const launched = await launchChromium(program)
  afterTestRun(() => {
    browser = undefined
    return launched.close()
  })
  return launched
}
