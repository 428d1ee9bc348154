import { expect, test } from 'bun:test'
import { type RefusalReason, refusal } from '../../adapters/auth/refusal.ts'
import { createRefusalReport } from '../../adapters/auth/refusal-report.ts'

function start() {
  const warnings: [RefusalReason, number][] = []
  const clock = { time: 0 }
  const report = createRefusalReport(
    ({ reason }, requests) => warnings.push([reason, requests]),
    () => clock.time,
  )
  const refuse = (reason: RefusalReason, acceptedBefore = false) =>
    report(refusal(reason), acceptedBefore)
  return { warnings, clock, refuse }
}

test('warns at once, and then once a minute for each reason', () => {
  const { warnings, clock, refuse } = start()
  refuse('wrong_issuer')
  expect(warnings).toStrictEqual([['wrong_issuer', 1]])
  refuse('wrong_issuer')
  refuse('wrong_audience')
  clock.time = 59_999
  refuse('wrong_issuer')
  refuse('wrong_audience')
  expect(warnings.slice(1)).toStrictEqual([['wrong_audience', 1]])
  clock.time = 60_000
  refuse('wrong_issuer')
  expect(warnings.slice(2)).toStrictEqual([['wrong_issuer', 3]])
})

test('does not warn once a token has been accepted in the same way', () => {
  const { warnings, clock, refuse } = start()
  refuse('unknown_key')
  clock.time = 60_000
  refuse('unknown_key', true)
  expect(warnings).toStrictEqual([['unknown_key', 1]])
})

test('warns of expired tokens only if they keep coming for a minute', () => {
  const { warnings, clock, refuse } = start()
  refuse('expired')
  clock.time = 59_999
  refuse('expired')
  expect(warnings).toBeEmpty()
  clock.time = 60_000
  refuse('expired')
  expect(warnings).toStrictEqual([['expired', 3]])
  clock.time = 119_999
  refuse('expired')
  expect(warnings).toHaveLength(1)
})
