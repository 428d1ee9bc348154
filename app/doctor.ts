import { isApiToken } from '../adapters/auth/api-token-format.ts'
import { probe } from '../adapters/redis/diagnosis.ts'
import { OperatorError } from '../core/errors.ts'
import { apiTokenFinding } from './doctor-api-token.ts'
import {
  checkDescriptors,
  checkEnvFile,
  checkOrigins,
  checkPublicUrl,
  checkSettings,
  readConfiguration,
} from './doctor-configuration.ts'
import {
  ANSWER_MS,
  type Check,
  type Finding,
  LIMIT_MS,
  ok,
  problem,
  reasonOf,
  type Subject,
  warning,
  within,
} from './doctor-finding.ts'
import { checkKeySet, checkSignIn, tokenFinding } from './doctor-sign-in.ts'
import { checkStore } from './doctor-store.ts'
import type { Terminal } from './terminal.ts'

const KEY_SET = ['BETTER_AUTH_URL', 'JWKS_URL']
const CLAIMS = ['JWT_ISSUER', 'JWT_AUDIENCE', 'JWT_CLOCK_TOLERANCE_SECONDS']
const SECRETS = ['BETTER_AUTH_SECRET', 'BETTER_AUTH_SECRET_PREVIOUS']
const SIGN_IN = [...SECRETS, ...KEY_SET, ...CLAIMS]

const SIGN_IN_CHECKS: readonly Check[] = [
  { name: 'sign-in', needs: SIGN_IN, run: checkSignIn },
  { name: 'key set', needs: KEY_SET, run: checkKeySet },
]

const STORE = ['DATABASE_URL', 'DATABASE_DIRECT_URL']
const STORE_CHECK: Check = { name: 'store', needs: STORE, run: checkStore }

const CHECKS: readonly Check[] = [
  { name: '.env file', needs: [], run: checkEnvFile },
  STORE_CHECK,
  ...SIGN_IN_CHECKS,
  { name: 'Redis', needs: ['REDIS_URL'], run: checkRedis },
  { name: 'CORS origins', needs: ['CORS_ORIGINS'], run: checkOrigins },
  { name: 'public address', needs: ['PUBLIC_URL', 'TRUST_PROXY'], run: checkPublicUrl },
  { name: 'file descriptors', needs: [], run: checkDescriptors },
]

// Far more than the longest token that is accepted.
const MAX_INPUT = 64 * 1024

export interface DoctorOptions {
  readonly json: boolean
  /** Whether to check a token from standard input, and only what concerns it. */
  readonly token: boolean
}

/** Says what is right and what is wrong with the configuration and its surroundings. Changes nothing. */
export async function doctorCommand(options: DoctorOptions, terminal: Terminal): Promise<number> {
  const token = options.token ? await readToken(terminal.input()) : null
  const findings = await examine(terminal, token)
  const isRight = findings.every(({ status }) => status !== 'problem')
  await terminal.write(
    options.json
      ? `${JSON.stringify({ ok: isRight, checks: findings }, null, 2)}\n`
      : tableOf(findings),
  )
  return isRight ? 0 : 1
}

async function examine(terminal: Terminal, token: string | null): Promise<readonly Finding[]> {
  try {
    terminal.addEnvFile()
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    // With other settings than those of the service, the checks would mislead.
    return [problem('.env file', error.message)]
  }
  const { variables, isTerminal } = terminal
  const { config, problems, wrong } = readConfiguration(variables, isTerminal)
  const subject = { config, variables }
  const checks = token === null ? CHECKS : checksOf(token)
  const found = await Promise.all(checks.map((check) => runCheck(check, subject, wrong)))
  return [...checkSettings(variables, problems), ...found.flat()]
}

async function runCheck(
  { name, needs, run }: Check,
  subject: Subject,
  wrong: ReadonlySet<string>,
): Promise<readonly Finding[]> {
  const missing = needs.filter((variable) => wrong.has(variable))
  if (missing.length > 0)
    return [
      warning(name, `not checked, because ${missing.join(', ')} is not valid`, 'Correct it first.'),
    ]
  try {
    return await within(LIMIT_MS, Promise.resolve(run(subject)))
  } catch (error) {
    return [problem(name, reasonOf(error))]
  }
}

async function checkRedis({ config }: Subject): Promise<readonly Finding[]> {
  const name = 'Redis'
  const { redisUrl, rateLimitPerMinute, workers } = config
  if (rateLimitPerMinute === 0) return [ok(name, 'not used, because the rate limit is off')]
  if (redisUrl === null) {
    const found = 'not configured: each process counts requests by itself'
    return workers === 1
      ? [ok(name, found)]
      : [warning(name, found, 'Set REDIS_URL, so that all workers share one rate limit.')]
  }
  const { host } = new URL(redisUrl)
  try {
    await within(ANSWER_MS, probe(redisUrl, ANSWER_MS))
    return [ok(name, `${host} answers, and may be written`)]
  } catch (error) {
    return [
      problem(
        name,
        `${host} cannot be used: ${reasonOf(error)}`,
        'Start Redis, or correct REDIS_URL or the rights of its user. Until then each process counts by itself.',
      ),
    ]
  }
}

/** What concerns a token: the store keeps API tokens, the configuration says how others are signed. */
function checksOf(token: string): readonly Check[] {
  const isOfStore = isApiToken(token)
  const findingOf = isOfStore ? apiTokenFinding : tokenFinding
  const check: Check = {
    name: 'token',
    needs: isOfStore ? STORE : SIGN_IN,
    run: async ({ config }) => [await findingOf(config, token)],
  }
  return isOfStore ? [STORE_CHECK, check] : [...SIGN_IN_CHECKS, check]
}

/** Reads one line, as a terminal sends it, with or without `Bearer` in front. */
async function readToken(input: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of input) {
    text += decoder.decode(bytes, { stream: true })
    if (text.trimStart().includes('\n') || text.length > MAX_INPUT) break
  }
  const [line = ''] = text.trim().split(/\r?\n/)
  return line.replace(/^(authorization:\s*)?bearer\s+/i, '').trim()
}

function tableOf(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length))
  const lines = findings.flatMap(({ check, status, found, advice }) => [
    `${check.padEnd(width)}  ${status.padEnd('problem'.length)}  ${inOneLine(found)}`,
    ...(advice === null ? [] : [`${' '.repeat(width + 11)}→ ${inOneLine(advice)}`]),
  ])
  return `${lines.join('\n')}\n\n${summaryOf(findings)}\n`
}

/** Servers write parts of these texts: control characters could change what a terminal shows. */
function inOneLine(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
}

function summaryOf(findings: readonly Finding[]): string {
  const count = (status: Finding['status'], name: string) => {
    const { length } = findings.filter((finding) => finding.status === status)
    return `${length} ${name}${length === 1 ? '' : 's'}`
  }
  return `${count('problem', 'problem')}, ${count('warning', 'warning')}`
}
