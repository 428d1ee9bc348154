import { test } from 'bun:test'
import { join } from 'node:path'
import { GREETING, startService, temporaryDirectory } from '../support/process.ts'
import { compact, createNames } from './examples.ts'
import { codeIn, readPage } from './page.ts'

const ROOT = join(import.meta.dir, '..', '..')

test('answers the request of the README as the README shows', async () => {
  const page = await readPage('README.md')
  const commands = codeIn(page, 'sh').find((code) => code.includes('curl')) ?? ''
  const [answer = ''] = codeIn(page, 'json')
  await using directory = await temporaryDirectory()
  const environment = { DATABASE_URL: `sqlite:${join(directory.path, 'tasks.db')}` }
  await using service = await startService({ directory: directory.path, environment }, GREETING)
  const script = commands
    .replace('npx -y bun@1.4.5', `'${process.execPath}'`)
    .replace('http://127.0.0.1:8000', service.url)
  const shell = Bun.spawn(['sh', '-ec', script], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stderr: 'ignore',
  })
  createNames().compare(compact(answer), await shell.stdout.text())
})
