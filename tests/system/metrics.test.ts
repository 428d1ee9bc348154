import { expect, setDefaultTimeout, test } from 'bun:test'
import { adminOf } from '../support/admin.ts'
import { bearer, SECRET } from '../support/config.ts'
import { createDatabase } from '../support/postgres.ts'
import { startService, temporaryDirectory } from '../support/process.ts'

setDefaultTimeout(30_000)

/** The exit code and output of the checker that comes with Prometheus. */
async function checkMetrics(metrics: string): Promise<string> {
  const checker = Bun.$`promtool check metrics < ${new Response(metrics)}`.nothrow().quiet()
  const { exitCode, stdout, stderr } = await checker
  return `${exitCode}${stdout}${stderr}`
}

test.each(['1', '2'])('Prometheus accepts the metrics of %s process(es)', async (WORKERS) => {
  const database = await createDatabase()
  await using directory = await temporaryDirectory()
  {
    await using service = await startService({
      directory: directory.path,
      environment: {
        NODE_ENV: 'production',
        BETTER_AUTH_SECRET: SECRET,
        DATABASE_URL: database.url,
        ADMIN_PORT: '0',
        WORKERS,
      },
    })
    const { send } = adminOf(service)
    // Before the first request, and once every metric has samples.
    expect(await checkMetrics(await (await send('/metrics')).text())).toBe('0')
    const headers = await bearer('ann')
    for (const path of ['/tasks', '/tasks', '/nowhere', '/health'])
      await service.send(path, { headers })
    await service.send('/tasks')
    expect(await checkMetrics(await (await send('/metrics')).text())).toBe('0')
  }
  await database.drop()
})

test('the checker finds planted mistakes', async () => {
  expect(await checkMetrics('# TYPE requests counter\nrequests 1\n')).toContain('_total')
  expect(await checkMetrics('a{b="c} 1\n')).toStartWith('1')
})
