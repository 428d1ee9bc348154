import { parsePostgresUrl } from '../adapters/postgres/connection/url.ts'
import { OperatorError } from '../core/errors.ts'
import { createReader } from '../core/validation.ts'
import { isLoopback } from './address.ts'
import { type Database, parseDatabaseUrl } from './database-url.ts'
import { Environment, MINIMUM_SECRET_BYTES } from './environment.ts'

const readEnvironment = createReader('environment', Environment)

/** The claims that a token must have. Any value if `undefined`. */
interface ClaimsConfig {
  readonly issuer: string | undefined
  readonly audience: string | undefined
}

export interface SecretConfig extends ClaimsConfig {
  readonly current: string
  readonly previous: string | undefined
}

export interface KeySetConfig extends ClaimsConfig {
  readonly url: string
}

/** How tokens are verified: with a secret, a key set, or both. */
export interface TokenConfig {
  readonly secrets: SecretConfig | null
  readonly keySet: KeySetConfig | null
  readonly clockToleranceSeconds: number
}

/** What clients that sign in by themselves (OAuth) need to get a token for `/mcp`. */
export interface OAuthConfig {
  /** The authorization server, as its tokens name it in `iss`. */
  readonly issuer: string
  /** The public address of `/mcp`, which its tokens must name in `aud`. */
  readonly resource: string
}

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

/** The variable of a problem. */
export function nameOf(problem: string): string {
  return problem.slice(0, problem.indexOf(':'))
}

function withExample(problem: string): string {
  const name = nameOf(problem)
  const { examples = [] } = Object(Object(Environment.properties)[name])
  return `${problem}, for example ${name}=${examples[0]}`
}

/** `problems` has one line for each problem, which starts with the name of the variable. */
export class ConfigError extends OperatorError {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(
      ['The configuration is not valid:', ...problems.map((problem) => `  ${problem}`)].join('\n'),
    )
    this.problems = problems
  }
}

function readOrigins(list: string): string[] {
  return list
    .split(',')
    .map((written) => written.trim())
    .filter((written) => written !== '')
    .map((written) => {
      const origin = written.replace(/\/$/, '')
      if (!isOrigin(origin))
        throw new OperatorError(
          `CORS_ORIGINS: "${written}" is not an origin; list origins in the form scheme://host or scheme://host:port, separated by commas, for example CORS_ORIGINS=https://app.example.com,http://localhost:3000`,
        )
      return origin
    })
}

const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/(?:[^\s/?#@:*,[\]]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/

/**
 * Whether a text is an origin as a browser sends it. Origins are compared as text, so one that a browser
 * would write differently, such as with a default port, would match nothing. `URL` knows origins of web
 * schemes only: for `tauri://localhost` it returns `null`.
 */
function isOrigin(text: string): boolean {
  if (!ORIGIN.test(text) || !URL.canParse(text)) return false
  const { origin } = new URL(text)
  return origin === 'null' || origin === text
}

function readPublicUrl({ PUBLIC_URL: text }: Environment): string | null {
  if (text === undefined) return null
  const url = URL.parse(text)
  if (!url || url.search || url.hash || url.username || url.password || /[?#]/.test(text))
    throw new OperatorError(
      withExample('PUBLIC_URL: must be an http:// or https:// URL, without a query'),
    )
  return url.href.replace(/\/+$/, '')
}

function readSecrets(values: Environment): SecretConfig | null {
  const { BETTER_AUTH_SECRET: current, BETTER_AUTH_SECRET_PREVIOUS: previous } = values
  for (const [name, value] of Object.entries({
    BETTER_AUTH_SECRET: current,
    BETTER_AUTH_SECRET_PREVIOUS: previous,
  }))
    if (value !== undefined && Buffer.byteLength(value) < MINIMUM_SECRET_BYTES)
      throw new OperatorError(
        withExample(
          `${name}: must be at least ${MINIMUM_SECRET_BYTES} bytes, but is ${Buffer.byteLength(value)}`,
        ),
      )
  if (previous !== undefined && current === undefined)
    throw new OperatorError(
      withExample('BETTER_AUTH_SECRET: is required if BETTER_AUTH_SECRET_PREVIOUS is set'),
    )
  if (current === undefined) return null
  return { current, previous, issuer: values.JWT_ISSUER, audience: values.JWT_AUDIENCE }
}

function readKeySet(values: Environment, production: boolean): KeySetConfig | null {
  const { JWKS_URL, JWT_ISSUER, JWT_AUDIENCE } = values
  const base = readUrl('BETTER_AUTH_URL', values.BETTER_AUTH_URL)
  const explicit = readUrl('JWKS_URL', JWKS_URL)
  if (base && (base.username || base.password || base.search || base.hash))
    throw new OperatorError(
      withExample('BETTER_AUTH_URL: must have no user name, password, query or fragment'),
    )
  const url = JWKS_URL ?? (base && keysOf(base))
  if (url === undefined) return null
  const name = explicit ? 'JWKS_URL' : 'BETTER_AUTH_URL'
  const { protocol, hostname } = new URL(url)
  if (production && protocol === 'http:' && !isLoopback(hostname))
    throw new OperatorError(
      withExample(
        `${name}: must start with https:// in production, because anyone who can replace the keys can sign tokens`,
      ),
    )
  // Better Auth puts the origin of its base URL into both claims. Tokens signed with the shared secret
  // usually have neither claim, so these defaults apply to the key set only.
  return { url, issuer: JWT_ISSUER ?? base?.origin, audience: JWT_AUDIENCE ?? base?.origin }
}

function readUrl(name: 'BETTER_AUTH_URL' | 'JWKS_URL', value: string | undefined) {
  if (value === undefined) return undefined
  if (!URL.canParse(value)) throw new OperatorError(withExample(`${name}: must be a URL`))
  return new URL(value)
}

function keysOf(base: URL): string {
  return `${authorizationServerOf(base)}/jwks`
}

// Like Better Auth: a path in the base URL replaces the default path, and trailing slashes are ignored.
function authorizationServerOf({ origin, pathname }: URL): string {
  return `${origin}${pathname.replace(/\/+$/, '') || '/api/auth'}`
}

function readOAuth(values: Environment, publicUrl: string | null): OAuthConfig | null {
  const base = URL.parse(values.BETTER_AUTH_URL ?? '')
  if (base === null || publicUrl === null) return null
  return { issuer: authorizationServerOf(base), resource: `${publicUrl}/mcp` }
}

function readDirectUrl(
  { DATABASE_DIRECT_URL: url }: Environment,
  database: Database | undefined,
): string | null {
  if (url === undefined) return null
  const parsed = parseDatabaseUrl(url)
  if ('problem' in parsed) throw wrongUrl('DATABASE_DIRECT_URL', parsed)
  const example = 'postgres://user:password@host:5432/database'
  if (parsed.kind !== 'postgres')
    throw wrongUrl('DATABASE_DIRECT_URL', {
      problem: 'must be the URL of a PostgreSQL server',
      example,
    })
  if (
    database?.kind === 'postgres' &&
    parsePostgresUrl(database.url).searchPath !== parsePostgresUrl(parsed.url).searchPath
  )
    throw wrongUrl('DATABASE_DIRECT_URL', {
      problem: 'must have the same search_path as DATABASE_URL',
      example: `${example}?search_path=app`,
    })
  return parsed.url
}

function wrongUrl(
  name: string,
  { problem, example }: { readonly problem: string; readonly example: string },
): OperatorError {
  return new OperatorError(`${name}: ${problem}, for example ${name}=${example}`)
}

function readRedisUrl({ REDIS_URL: url }: Environment): string | null {
  if (url === undefined) return null
  // The value is not repeated, because it may contain a password.
  if (!URL.canParse(url))
    throw new OperatorError(withExample('REDIS_URL: must be a redis:// or rediss:// URL'))
  const { port, pathname, username, password } = new URL(url)
  if (!isPercentEncoded(username) || !isPercentEncoded(password))
    throw new OperatorError(
      withExample('REDIS_URL: must have % as %25 in its user name and password'),
    )
  if (port === '0' || !/^(\/\d{0,4})?$/.test(pathname))
    throw new OperatorError(
      withExample(
        'REDIS_URL: must have a port from 1 to 65535, and a path that is the number of a database',
      ),
    )
  return url
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

function checkAddresses(values: Environment): void {
  const { PORT, ADMIN_PORT, OTEL_EXPORTER_OTLP_ENDPOINT: collector } = values
  if (PORT !== 0 && PORT === ADMIN_PORT)
    throw new OperatorError(withExample('ADMIN_PORT: must differ from PORT'))
  if (collector !== undefined && !URL.canParse(collector))
    throw new OperatorError(withExample('OTEL_EXPORTER_OTLP_ENDPOINT: must be a URL'))
}
