import { expect } from 'bun:test'
import { readError } from '../http/answers.ts'
import { adminOf, until } from './admin.ts'
import { bearer, SECRET } from './config.ts'
import type { ServiceProcess } from './process.ts'

export const TIMEOUT_MS = 600
// Generous, since tests share the machine: without a limit these requests would never come back.
export const SLACK_MS = 1500
const RECOVERY_MS = 2000
const HEALTH_MS = 1000
const UNKNOWN = '01234567-89ab-4def-8123-456789abcdef'

type Operation = readonly [method: string, path: string, body?: string]

export const READS: readonly Operation[] = [
  ['GET', '/tasks'],
  ['GET', `/tasks/${UNKNOWN}`],
]
export const WRITES: readonly Operation[] = [
  ['POST', '/tasks', '{"text":"x"}'],
  ['PUT', `/tasks/${UNKNOWN}`, '{"text":"x","completed":true}'],
  ['PATCH', `/tasks/${UNKNOWN}`, '{"text":"x"}'],
  ['DELETE', `/tasks/${UNKNOWN}`],
]

/** Of a service whose store is about to fail. */
export function environment(databaseUrl: string): Record<string, string> {
  return {
    NODE_ENV: 'production',
    BETTER_AUTH_SECRET: SECRET,
    DATABASE_URL: databaseUrl,
    DATABASE_TIMEOUT_MS: `${TIMEOUT_MS}`,
    RATE_LIMIT_PER_MINUTE: '0',
    ADMIN_PORT: '0',
  }
}

/** What came of it, and how long it took. */
export async function timed<Result>(work: Promise<Result>) {
  const startedAt = performance.now()
  return { result: await work, took: performance.now() - startedAt }
}

export async function sendAs(
  user: string,
  service: ServiceProcess,
  [method, path, body]: Operation,
): Promise<Response> {
  const headers = { ...(await bearer(user)), 'content-type': 'application/json' }
  return service.send(path, { method, headers, ...(body && { body }) })
}

/** That each operation is answered in time as the contract has it, and nothing of the cause is told. */
export async function expectUnavailable(
  service: ServiceProcess,
  operations: readonly Operation[],
): Promise<void> {
  const answers = operations.map((operation) => timed(sendAs('ann', service, operation)))
  for (const { result, took } of await Promise.all(answers)) {
    expect(result.status).toBe(503)
    expect(Number(result.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await readError(result)).toMatchObject({
      error: 'SERVICE_UNAVAILABLE',
      message: 'The service is temporarily unavailable, try again',
      members: ['error', 'message'],
    })
    expect(took).toBeLessThan(TIMEOUT_MS + SLACK_MS)
  }
}

export async function expectHealth(service: ServiceProcess, status: number): Promise<void> {
  const { result, took } = await timed(service.send('/health'))
  expect(result.status).toBe(status)
  expect(took).toBeLessThan(HEALTH_MS + SLACK_MS)
}

/** That a write succeeds soon. */
export async function expectRecovery(service: ServiceProcess): Promise<void> {
  const recovery = await until(
    async () => (await sendAs('ann', service, ['POST', '/tasks', '{"text":"x"}'])).status === 201,
  )
  expect(recovery).toBeLessThan(RECOVERY_MS)
  expect(await adminOf(service).reasons()).toBeEmpty()
}

/** That the service calls itself healthy once no request has failed for a while. */
export async function expectHealthAgain(service: ServiceProcess): Promise<void> {
  await until(async () => (await service.send('/health')).status === 200)
  await expectHealth(service, 200)
}

/** The log lines of attempts to reach the store. */
export function attempts(
  service: ServiceProcess,
): { err: { message: string }; retry_in_ms: number }[] {
  return service
    .output()
    .split('\n')
    .filter((line) => line.includes('"msg":"The store cannot be reached yet"'))
    .map((line) => JSON.parse(line))
}

/** That a service which has just been started waits for its store, and says why. */
export async function expectWaiting(service: ServiceProcess, reason: string): Promise<void> {
  await until(async () => attempts(service).length >= 3)
  for (const { err } of attempts(service)) expect(err.message).toContain(reason)
  const waits = attempts(service).map(({ retry_in_ms }) => retry_in_ms)
  expect(waits.slice(0, 3)).toStrictEqual([100, 200, 400])
  const admin = adminOf(service)
  expect((await admin.send('/livez')).status).toBe(200)
  expect(await admin.reasons()).toStrictEqual([
    'the store does not answer',
    'migrations are not applied yet',
  ])
  await expectUnavailable(service, [...READS, ...WRITES])
  await expectHealth(service, 503)
}

/** That a service which waited for its store serves soon. */
export async function expectServing(service: ServiceProcess): Promise<void> {
  const { took } = await timed(service.waitForOutput(/"msg":"Serving"/))
  expect(took).toBeLessThan(RECOVERY_MS)
  await expectRecovery(service)
}
