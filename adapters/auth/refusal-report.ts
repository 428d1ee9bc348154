import type { RefusalReason, TokenRefusal } from './refusal.ts'

const EVERY_MS = 60_000

/**
 * Warns of refused tokens while none has been accepted in the same way: then the configuration may be
 * wrong. After that, a refused token is its client's fault, and no warning.
 *
 * @param warn called at most once a minute for each reason, with the number of requests since its last call.
 * @param now milliseconds of a monotonic clock.
 */
export function createRefusalReport(
  warn: (refusal: TokenRefusal, requests: number) => void,
  now: () => number,
) {
  const reports = new Map<RefusalReason, { requests: number; warnAt: number }>()

  return (refusal: TokenRefusal, acceptedBefore: boolean): void => {
    if (acceptedBefore) return
    const time = now()
    const { reason } = refusal
    // After a restart, clients often send an expired token first and then a new one.
    const firstAt = reason === 'expired' ? time + EVERY_MS : time
    const report = reports.get(reason) ?? { requests: 0, warnAt: firstAt }
    reports.set(reason, report)
    report.requests += 1
    if (time < report.warnAt) return
    warn(refusal, report.requests)
    report.requests = 0
    report.warnAt = time + EVERY_MS
  }
}
