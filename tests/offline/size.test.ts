import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'

const CLIENT = join(import.meta.dir, '..', '..', 'client')
const USE_CLIENT = `export { createTaskportClient } from '${CLIENT}/taskport.ts'`
const USE_STORE = `
  export { createOfflineStore } from '${CLIENT}/offline/store.ts'
  export { createIndexedDbStorage } from '${CLIENT}/offline/indexeddb.ts'
`

/** The size of an application's minified bundle, compressed with Brotli. */
async function sizeOf(application: string): Promise<number> {
  const { outputs } = await Bun.build({
    entrypoints: ['./application.ts'],
    files: { './application.ts': application },
    target: 'browser',
    minify: true,
  })
  const code = await Promise.all(outputs.map((output) => output.text()))
  return brotliCompressSync(code.join('')).length
}

test('adds little to an application that uses the client', async () => {
  const client = await sizeOf(USE_CLIENT)
  const added = (await sizeOf(USE_CLIENT + USE_STORE)) - client
  expect(client).toBeGreaterThan(3000)
  expect(added).toBeGreaterThan(3000)
  expect(added).toBeLessThan(9300)
})
