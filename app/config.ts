import { OperatorError } from '../core/errors.ts'
import { createReader } from '../core/validation.ts'
import {
  checkAddresses,
  readDirectUrl,
  readOrigins,
  readPublicUrl,
  readRedisUrl,
} from './config-addresses.ts'
import { ConfigError, nameOf, withExample, wrongUrl } from './config-problem.ts'
import {
  type OAuthConfig,
  readKeySet,
  readOAuth,
  readSecrets,
  type TokenConfig,
} from './config-sign-in.ts'
import { type Database, parseDatabaseUrl } from './database-url.ts'
import { Environment } from './environment.ts'

const readEnvironment = createReader('environment', Environment)

export interface Config {
  readonly production: boolean
  readonly database: Database
  /** The address of PostgreSQL itself if `database` is a pooler; otherwise `null`. */
  readonly directUrl: string | null
  readonly poolMax: number
  readonly databaseTimeoutMs: number
  readonly prepare: Environment['DATABASE_PREPARE']
  readonly tokens: TokenConfig
  /** Neither a secret nor a key set is configured: the server generates a secret. */
  readonly demo: boolean
  readonly corsOrigins: readonly string[]
  readonly host: string
  readonly port: number
  /** The port for probes and metrics; `null` if off. */
  readonly adminPort: number | null
  /** 0 disables the limit. */
  readonly rateLimitPerMinute: number
  readonly redisUrl: string | null
  /** How many proxies in front of the service append to X-Forwarded-For. */
  readonly trustedProxies: number
  readonly maxBodyBytes: number
  /** The public base URL, without a trailing slash; `null` if clients connect directly. */
  readonly publicUrl: string | null
  /** How long an idle connection is kept. */
  readonly keepAliveSeconds: number
  /** How long deleted tasks can be restored. 0 disables the trash. */
  readonly trashRetentionDays: number
  /** Whether changes must carry `If-Match`. */
  readonly requireIfMatch: boolean
  /** Whether assistants can connect at `/mcp`. */
  readonly mcp: boolean
  /** `null` without BETTER_AUTH_URL or PUBLIC_URL. */
  readonly oauth: OAuthConfig | null
  /** How many tasks outside the trash a user can have. */
  readonly maxTasks: number
  readonly logLevel: Environment['LOG_LEVEL']
  readonly logFormat: 'json' | 'pretty'
  readonly shutdownTimeoutMs: number
  /** Whether traces are sent. OpenTelemetry itself reads the address. */
  readonly tracing: boolean
  /** The number of processes that share the port. */
  readonly workers: number
}

/**
 * Reads and checks the environment variables.
 *
 * @param variables an empty one counts as unset.
 * @param isTerminal whether the log goes to a terminal, and is pretty by default.
 * @throws ConfigError that names every wrong variable, with the reason and an example.
 */
export function readConfig(
  variables: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): Config {
  const wrongValues: string[] = []
  readEnvironment(valuesOf(variables), wrongValues)
  const problems = wrongValues.map(withExample)
  const wrong = new Set(problems.map(nameOf))
  // Leaves out the wrong variables, to check the others too and report all problems at once.
  const right = Object.fromEntries(Object.entries(variables).filter(([name]) => !wrong.has(name)))
  const values = readEnvironment(valuesOf(right), [])
  if (!values) throw new ConfigError(problems)

  const check = <Value>(read: () => Value): Value | undefined => {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error
      problems.push(error.message)
      return undefined
    }
  }

  const production = values.NODE_ENV === 'production'
  const database = check(() => {
    const parsed = parseDatabaseUrl(values.DATABASE_URL)
    if ('problem' in parsed) throw wrongUrl('DATABASE_URL', parsed)
    return parsed
  })
  const directUrl = check(() => readDirectUrl(values, database))
  const corsOrigins = check(() => readOrigins(values.CORS_ORIGINS))
  const secrets = check(() => readSecrets(values)) ?? null
  const keySet = check(() => readKeySet(values, production)) ?? null
  const redisUrl = check(() => readRedisUrl(values))
  check(() => checkAddresses(values))
  const publicUrl = check(() => readPublicUrl(values))
  const demo = !values.BETTER_AUTH_SECRET && !values.JWKS_URL && !values.BETTER_AUTH_URL
  if (demo && production)
    problems.push(
      `BETTER_AUTH_SECRET: is required in production unless BETTER_AUTH_URL or JWKS_URL is set, for example BETTER_AUTH_SECRET="$(openssl rand -base64 32)"`,
    )
  const workers = values.WORKERS === 'auto' ? navigator.hardwareConcurrency : Number(values.WORKERS)
  if (database?.kind === 'memory' && workers > 1)
    problems.push(
      'WORKERS: must be 1 with DATABASE_URL=memory:, because processes cannot share memory, for example WORKERS=1',
    )
  if (problems.length > 0 || !database || !corsOrigins) throw new ConfigError(problems)

  return {
    production,
    database,
    directUrl: directUrl ?? null,
    poolMax: values.DATABASE_POOL_MAX,
    databaseTimeoutMs: values.DATABASE_TIMEOUT_MS,
    prepare: values.DATABASE_PREPARE,
    tokens: { secrets, keySet, clockToleranceSeconds: values.JWT_CLOCK_TOLERANCE_SECONDS },
    demo,
    corsOrigins,
    host: values.HOST,
    port: values.PORT,
    adminPort: values.ADMIN_PORT ?? null,
    rateLimitPerMinute: values.RATE_LIMIT_PER_MINUTE,
    redisUrl: redisUrl ?? null,
    trustedProxies: values.TRUST_PROXY,
    maxBodyBytes: values.MAX_BODY_BYTES,
    publicUrl: publicUrl ?? null,
    keepAliveSeconds: values.KEEP_ALIVE_TIMEOUT_SECONDS,
    trashRetentionDays: values.TRASH_RETENTION_DAYS,
    requireIfMatch: values.REQUIRE_IF_MATCH === 'true',
    mcp: values.MCP === 'true',
    oauth: readOAuth(values, publicUrl ?? null),
    maxTasks: values.MAX_TASKS_PER_USER,
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT ?? (isTerminal ? 'pretty' : 'json'),
    shutdownTimeoutMs: values.SHUTDOWN_TIMEOUT_MS,
    tracing: values.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined,
    workers,
  }
}

const WHOLE_NUMBER = /^-?\d{1,15}$/

function valuesOf(variables: Readonly<Record<string, string | undefined>>) {
  return Object.fromEntries(
    Object.entries(Environment.properties).flatMap(([name, schema]) => {
      const value = variables[name] || undefined
      const fallback = 'default' in schema ? schema.default : undefined
      if (value === undefined) return fallback === undefined ? [] : [[name, fallback]]
      const isNumber = 'type' in schema && schema.type === 'integer' && WHOLE_NUMBER.test(value)
      return [[name, isNumber ? Number(value) : value]]
    }),
  )
}
