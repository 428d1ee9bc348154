import { expect } from 'bun:test'
import { readError } from '../http/answers.ts'
import { adminOf, until } from './admin.ts'
import { bearer, PRODUCTION } from './config.ts'
import type { ServiceProcess } from './process.ts'

export const TIMEOUT_MS = 600
// Generous, because tests share the machine. Without a time limit these requests would hang.
export const SLACK_MS = 1500
const RECOVERY_MS = 2000
const HEALTH_MS = 1000
const UNKNOWN_ID = '01234567-89ab-4def-8123-456789abcdef'

export type Operation = readonly [method: string, path: string, body?: string]

export const READS: readonly Operation[] = [
  ['GET', '/tasks'],
  ['GET', `/tasks/${UNKNOWN_ID}`],
]
export const WRITES: readonly Operation[] = [
  ['POST', '/tasks', '{"text":"x"}'],
  ['PUT', `/tasks/${UNKNOWN_ID}`, '{"text":"x","completed":true}'],
  ['PATCH', `/tasks/${UNKNOWN_ID}`, '{"text":"x"}'],
  ['DELETE', `/tasks/${UNKNOWN_ID}`],
]

/** The environment of a service whose store is about to fail. */
export function outageEnvironment(databaseUrl: string): Record<string, string> {
  return {
    ...PRODUCTION,
    DATABASE_URL: databaseUrl,
    DATABASE_TIMEOUT_MS: `${TIMEOUT_MS}`,
    ADMIN_PORT: '0',
    // Repeated attempts to reach the store are logged at this level.
    LOG_LEVEL: 'debug',
  }
}

/** Awaits a result and measures how long it took. */
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

/** Expects a prompt 503 to each operation, as the contract defines it, without the cause. */
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

/** Expects a write to succeed soon. */
export async function expectRecovery(service: ServiceProcess): Promise<void> {
  const recovery = await until(
    async () => (await sendAs('ann', service, ['POST', '/tasks', '{"text":"x"}'])).status === 201,
  )
  expect(recovery).toBeLessThan(RECOVERY_MS)
  expect(await adminOf(service).reasons()).toBeEmpty()
}

/** Expects /health to recover once no request has failed for a while. */
export async function expectHealthAgain(service: ServiceProcess): Promise<void> {
  await until(async () => (await service.send('/health')).status === 200)
  await expectHealth(service, 200)
}

/** Stops the service, and expects its log to have one line about the outage. */
export async function expectOneOutage(service: ServiceProcess): Promise<void> {
  expect(await service.stop('SIGTERM')).toBe(0)
  expect(service.output().match(/"msg":"The store does not respond"/g)).toHaveLength(1)
  expect(service.output()).not.toMatch(/"level":"(error|fatal)"/)
}

/** The log lines of failed attempts to connect to the store. */
export function connectionAttempts(
  service: ServiceProcess,
): { level: string; reason: string; retry_in_ms: number }[] {
  return service
    .output()
    .split('\n')
    .filter((line) => line.includes('"msg":"The store cannot be reached yet"'))
    .map((line) => JSON.parse(line))
}

/** Expects a service that has just started to wait for its store and to log the reason. */
export async function expectWaitingForStore(
  service: ServiceProcess,
  reason: string,
): Promise<void> {
  await until(async () => connectionAttempts(service).length >= 3)
  for (const attempt of connectionAttempts(service)) expect(attempt.reason).toContain(reason)
  const attempts = connectionAttempts(service)
  // The same reason is a warning once. A server that has just stopped may give two.
  for (const [index, { level, reason }] of attempts.entries())
    expect(level).toBe(reason === attempts[index - 1]?.reason ? 'debug' : 'warn')
  const waits = attempts.map(({ retry_in_ms }) => retry_in_ms)
  expect(waits.slice(0, 3)).toStrictEqual([100, 200, 400])
  const admin = adminOf(service)
  expect((await admin.send('/livez')).status).toBe(200)
  expect(await admin.reasons()).toStrictEqual([
    'the store does not respond',
    'migrations are not applied yet',
  ])
  await expectUnavailable(service, [...READS, ...WRITES])
  await expectHealth(service, 503)
}

/** Expects a service that waited for its store to serve soon. */
export async function expectServing(service: ServiceProcess): Promise<void> {
  const { took } = await timed(service.waitForOutput(/"msg":"Serving"/))
  expect(took).toBeLessThan(RECOVERY_MS)
  await expectRecovery(service)
}
