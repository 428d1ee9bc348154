import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Server } from 'bun'
import { openPage } from './browser.ts'

const pages: Record<string, string> = {
  '/': '<title>Local</title><h1>Hello</h1><script src="/script.js"></script>',
  '/script.js': 'document.title = "Ran"',
  '/foreign': `<img src="https://elsewhere.example/a.png"><script>
    new WebSocket('wss://elsewhere.example/live').onclose = () => { document.title = 'Closed' }
  </script>`,
  '/faulty': '<script>console.error("broken"); undefined.x</script>',
}

let server: Server<undefined>
beforeAll(() => {
  server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch(request) {
      const url = new URL(request.url)
      const type = url.pathname.endsWith('.js') ? 'text/javascript' : 'text/html'
      const policy = url.searchParams.get('policy') ?? ''
      const headers = { 'Content-Type': type, 'Content-Security-Policy': policy }
      return new Response(pages[url.pathname] ?? '', { headers })
    },
  })
})
afterAll(() => server.stop(true))

test('reports no errors or blocked requests when a local page loads', async () => {
  const { page, errors, blockedRequests, close } = await openPage()
  await page.goto(server.url.href)
  expect(await page.title()).toBe('Ran')
  expect(await page.screenshot()).not.toBeEmpty()
  expect({ errors, blockedRequests }).toEqual({ errors: [], blockedRequests: [] })
  await close()
})

test('blocks and reports requests to other hosts', async () => {
  const { page, blockedRequests, close } = await openPage()
  await page.goto(new URL('/foreign', server.url).href)
  await page.waitForFunction('document.title === "Closed"')
  expect(blockedRequests.toSorted()).toEqual([
    'https://elsewhere.example/a.png',
    'wss://elsewhere.example/live',
  ])
  await close()
})

test('collects console errors and uncaught errors', async () => {
  const { page, errors, close } = await openPage()
  await page.goto(new URL('/faulty', server.url).href)
  expect(errors).toEqual(['broken', expect.stringContaining('TypeError')])
  await close()
})

test('collects violations of the content security policy', async () => {
  const { page, errors, blockedRequests, close } = await openPage()
  await page.goto(new URL("/foreign?policy=default-src 'none'", server.url).href)
  expect(errors).toEqual([
    expect.stringContaining('Content Security Policy'),
    expect.stringContaining('Content Security Policy'),
  ])
  expect(blockedRequests).toEqual([])
  await close()
})
