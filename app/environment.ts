import Type, { type Static } from 'typebox'

export const MINIMUM_SECRET_BYTES = 32

function milliseconds(fallback: number) {
  return Type.Integer({
    minimum: 1,
    maximum: 600_000,
    default: fallback,
    description: 'a whole number of milliseconds from 1 to 600000',
    examples: [fallback],
  })
}

const url = Type.Optional(
  Type.String({
    pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^/]+',
    description: 'an http:// or https:// URL',
    examples: ['https://app.example.com'],
  }),
)

const claim = Type.Optional(
  Type.String({
    description: 'the exact value of the claim',
    examples: ['https://app.example.com'],
  }),
)

const secret = Type.Optional(
  Type.String({
    description: `at least ${MINIMUM_SECRET_BYTES} bytes`,
    examples: ['"$(openssl rand -base64 32)"'],
  }),
)

/** The environment variables: one definition of their types, defaults and checks. */
export const Environment = Type.Object({
  DATABASE_URL: Type.String({ default: 'sqlite:./data/tasks.db' }),
  DATABASE_DIRECT_URL: Type.Optional(Type.String()),
  DATABASE_POOL_MAX: Type.Integer({
    minimum: 1,
    maximum: 1000,
    default: 10,
    description: 'a whole number of connections from 1 to 1000',
    examples: [10],
  }),
  DATABASE_TIMEOUT_MS: milliseconds(2000),
  DATABASE_PREPARE: Type.Enum(['auto', 'always', 'never'], {
    default: 'auto',
    description: 'auto, always or never',
    examples: ['auto'],
  }),
  BETTER_AUTH_SECRET: secret,
  BETTER_AUTH_SECRET_PREVIOUS: secret,
  BETTER_AUTH_URL: url,
  JWKS_URL: url,
  JWT_ISSUER: claim,
  JWT_AUDIENCE: claim,
  JWT_CLOCK_TOLERANCE_SECONDS: Type.Integer({
    minimum: 0,
    maximum: 300,
    default: 5,
    description: 'a whole number of seconds from 0 to 300',
    examples: [5],
  }),
  CORS_ORIGINS: Type.String({ default: 'http://localhost:3000' }),
  HOST: Type.String({ default: '127.0.0.1' }),
  PORT: Type.Integer({
    minimum: 0,
    maximum: 65_535,
    default: 8000,
    description: 'a port number from 0 (any free port) to 65535',
    examples: [8000],
  }),
  ADMIN_PORT: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 65_535,
      description: 'a port number from 0 (any free port) to 65535',
      examples: [9090],
    }),
  ),
  PUBLIC_URL: Type.Optional(
    Type.String({
      pattern: '^https?://[^/]+',
      description: 'an http:// or https:// URL, without a query',
      examples: ['https://example.com/todo'],
    }),
  ),
  KEEP_ALIVE_TIMEOUT_SECONDS: Type.Integer({
    minimum: 1,
    // Bun supports no more.
    maximum: 255,
    default: 75,
    description: 'a whole number of seconds from 1 to 255',
    examples: [75],
  }),
  RATE_LIMIT_PER_MINUTE: Type.Integer({
    minimum: 0,
    maximum: 1_000_000_000,
    default: 600,
    description: 'a whole number of requests per minute, or 0 for no limit',
    examples: [600],
  }),
  REDIS_URL: Type.Optional(
    Type.String({
      pattern: '^rediss?://[^/]+',
      description: 'a redis:// or rediss:// URL',
      examples: ['redis://localhost:6379'],
    }),
  ),
  TRUST_PROXY: Type.Integer({
    minimum: 0,
    maximum: 100,
    default: 0,
    description: 'a whole number of proxies from 0 to 100',
    examples: [1],
  }),
  MAX_BODY_BYTES: Type.Integer({
    minimum: 1024,
    maximum: 16_777_216,
    default: 262_144,
    description: 'a whole number of bytes from 1024 to 16777216',
    examples: [262_144],
  }),
  MAX_TASKS_PER_USER: Type.Integer({
    minimum: 1,
    maximum: 10_000_000,
    default: 100_000,
    description: 'a whole number from 1 to 10000000',
    examples: [100_000],
  }),
  TRASH_RETENTION_DAYS: Type.Integer({
    minimum: 0,
    maximum: 36_500,
    default: 30,
    description: 'a whole number of days, or 0 to delete without a trash',
    examples: [30],
  }),
  REQUIRE_IF_MATCH: Type.Enum(['true', 'false'], {
    default: 'false',
    description: 'true or false',
    examples: ['true'],
  }),
  MCP: Type.Enum(['true', 'false'], {
    default: 'true',
    description: 'true or false',
    examples: ['false'],
  }),
  LOG_LEVEL: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    default: 'info',
    description: 'trace, debug, info, warn, error, fatal or silent',
    examples: ['info'],
  }),
  LOG_FORMAT: Type.Optional(
    Type.Enum(['json', 'pretty'], { description: 'json or pretty', examples: ['json'] }),
  ),
  SHUTDOWN_TIMEOUT_MS: milliseconds(10_000),
  WORKERS: Type.String({
    pattern: '^(auto|[1-9][0-9]{0,2})$',
    default: '1',
    description: 'auto (one process per core) or a whole number of processes from 1 to 999',
    examples: ['auto'],
  }),
  NODE_ENV: Type.Optional(Type.String()),
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
})
export type Environment = Static<typeof Environment>
