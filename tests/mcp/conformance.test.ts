import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { bearer } from '../support/config.ts'
import { openMcpService } from './service.ts'

setDefaultTimeout(60_000)

const SUITE = join(import.meta.dir, '..', '..', 'node_modules', '.bin', 'conformance')

const NO_FIXTURE = 'calls a tool that only a server made for the suite has'
const NO_RESOURCES = 'the service has no resources'
const NO_PROMPTS = 'the service has no prompts'
const NO_QUESTIONS = 'no tool asks the client something'
const NO_SESSIONS = 'there are no sessions'
const NO_LISTENING = 'nothing changes that a client could subscribe to'

/** The scenarios of the official suite that do not apply, and why. */
const NOT_APPLICABLE: Record<string, string> = {
  'logging-set-level': 'the service sends no log to clients',
  'completion-complete': 'there are no prompts or resources to complete',
  'tools-call-simple-text': NO_FIXTURE,
  'tools-call-image': NO_FIXTURE,
  'tools-call-audio': NO_FIXTURE,
  'tools-call-embedded-resource': NO_FIXTURE,
  'tools-call-mixed-content': NO_FIXTURE,
  'tools-call-with-logging': NO_FIXTURE,
  'tools-call-error': NO_FIXTURE,
  'tools-call-with-progress': NO_FIXTURE,
  'tools-call-sampling': NO_FIXTURE,
  'tools-call-elicitation': NO_FIXTURE,
  'json-schema-2020-12': NO_FIXTURE,
  'http-custom-header-server-validation': NO_FIXTURE,
  'elicitation-sep1034-defaults': NO_QUESTIONS,
  'elicitation-sep1330-enums': NO_QUESTIONS,
  'server-session-lifecycle': NO_SESSIONS,
  'server-sse-polling': NO_SESSIONS,
  'resources-list': NO_RESOURCES,
  'resources-read-text': NO_RESOURCES,
  'resources-read-binary': NO_RESOURCES,
  'resources-templates-read': NO_RESOURCES,
  'resources-subscribe': NO_RESOURCES,
  'resources-unsubscribe': NO_RESOURCES,
  'sep-2164-resource-not-found': NO_RESOURCES,
  'prompts-list': NO_PROMPTS,
  'prompts-get-simple': NO_PROMPTS,
  'prompts-get-with-args': NO_PROMPTS,
  'prompts-get-embedded-resource': NO_PROMPTS,
  'prompts-get-with-image': NO_PROMPTS,
  'input-required-result-basic-elicitation': NO_QUESTIONS,
  'input-required-result-basic-sampling': NO_QUESTIONS,
  'input-required-result-basic-list-roots': NO_QUESTIONS,
  'input-required-result-request-state': NO_QUESTIONS,
  'input-required-result-multiple-input-requests': NO_QUESTIONS,
  'input-required-result-multi-round': NO_QUESTIONS,
  'input-required-result-missing-input-response': NO_QUESTIONS,
  'input-required-result-non-tool-request': NO_QUESTIONS,
  'input-required-result-result-type': NO_QUESTIONS,
  'input-required-result-tampered-state': NO_QUESTIONS,
  'input-required-result-capability-check': NO_QUESTIONS,
  'input-required-result-ignore-extra-params': NO_QUESTIONS,
  'input-required-result-validate-input': NO_QUESTIONS,
}

/** The scenarios that apply, by the version of the protocol. */
const APPLICABLE = {
  '2025-06-18': ['server-initialize', 'ping', 'tools-list'],
  '2025-11-25': [
    'server-initialize',
    'ping',
    'tools-list',
    'server-sse-multiple-streams',
    'dns-rebinding-protection',
  ],
  '2026-07-28': [
    'server-stateless',
    'tools-list',
    'server-sse-multiple-streams',
    'dns-rebinding-protection',
    'caching',
    'http-header-validation',
    'input-required-result-unsupported-methods',
  ],
}

/** The checks of applicable scenarios that do not apply, and so fail, and why. */
const CHECKS_NOT_APPLICABLE: Record<string, Record<string, string>> = {
  'server-stateless': {
    'sep-2575-server-rejects-undeclared-capability': NO_FIXTURE,
    'sep-2575-missing-capability-http-400': NO_FIXTURE,
    'sep-2575-http-server-no-independent-requests-on-stream': NO_FIXTURE,
    'sep-2575-server-no-log-without-loglevel': NO_FIXTURE,
    'sep-2575-server-sends-subscription-ack': NO_LISTENING,
    'sep-2575-server-tags-subscription-id': NO_LISTENING,
  },
  caching: {
    'sep-2549-prompts-list-caching-hints': NO_PROMPTS,
    'sep-2549-resources-list-caching-hints': NO_RESOURCES,
    'sep-2549-resources-templates-list-caching-hints': NO_RESOURCES,
  },
}

/** The suite cannot send a token, so this proxy adds one. It leaves `Host` and `Origin` as they are. */
let proxy: Bun.Server<undefined>
let service: Awaited<ReturnType<typeof openMcpService>>
beforeAll(async () => {
  service = await openMcpService()
  const token = await bearer('ann')
  proxy = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    async fetch({ url, method, headers, body }) {
      const target = new URL(new URL(url).pathname, service.url)
      const init = { method, headers: { ...headers.toJSON(), ...token } }
      return fetch(
        target,
        body === null ? init : { ...init, body: await new Response(body).text() },
      )
    },
  })
})
afterAll(async () => {
  await proxy.stop(true)
  await service[Symbol.asyncDispose]()
})

async function run(...args: string[]): Promise<string> {
  const { stdout, stderr } = await Bun.$`${process.execPath} --no-env-file ${SUITE} ${args}`
    .env({ PATH: process.env['PATH'] })
    .quiet()
    .nothrow()
  return `${stdout}${stderr}`
}

describe.each(Object.entries(APPLICABLE))('the conformance suite for %s', (version, scenarios) => {
  test('has no scenario that is neither applicable nor known not to be', async () => {
    const listed = await run('list', '--server', '--spec-version', version)
    const names = Array.from(listed.matchAll(/^ {2}- (\S+)/gm), ([, name = '']) => name)
    const known = names.filter((name) => name in NOT_APPLICABLE)
    expect(names.toSorted()).toStrictEqual([...known, ...scenarios].toSorted())
  })

  test.each(scenarios)('%s', async (scenario) => {
    const url = new URL('/mcp', proxy.url).href
    const output = await run(
      ...['server', '--url', url, '--scenario', scenario, '--spec-version', version, '--verbose'],
    )
    const checks: { id: string; status: string }[] = JSON.parse(
      /^\[\n.*?^\]$/ms.exec(output)?.[0] ?? '[]',
    )
    expect(checks.length).toBeGreaterThan(0)
    const failed = checks.filter(({ status }) => status === 'FAILURE').map(({ id }) => id)
    expect(failed).toStrictEqual(Object.keys(CHECKS_NOT_APPLICABLE[scenario] ?? {}))
  })
})
