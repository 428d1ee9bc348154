import { existsSync, statSync } from 'node:fs'
import { readLimit } from '../adapters/system/descriptors.ts'
import { isLoopback } from './address.ts'
import { readConfig } from './config.ts'
import { ConfigError, nameOf } from './config-problem.ts'
import { type Finding, ok, problem, type Subject, warning } from './doctor-finding.ts'
import { Environment } from './environment.ts'

type Variables = Subject['variables']

const KNOWN = Object.keys(Environment.properties)
const FEW_DESCRIPTORS = 4096
const WORLD_READABLE = 0o004

/**
 * Reads the configuration. If variables are wrong, reads it as if they were not set, so that everything else
 * can be checked.
 */
export function readConfiguration(variables: Variables, isTerminal: boolean) {
  const problems = new Set<string>()
  const wrong = new Set<string>()
  for (;;) {
    try {
      const config = readConfig(without(variables, wrong), isTerminal)
      const production = variables['NODE_ENV'] === 'production'
      return { config: { ...config, production }, problems: [...problems], wrong }
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      const known = problems.size
      for (const text of error.problems) {
        problems.add(text)
        wrong.add(nameOf(text))
      }
      if (problems.size === known) throw error
    }
  }
}

function without(variables: Variables, wrong: ReadonlySet<string>): Variables {
  const ignored = new Set(wrong)
  // These two make another variable required.
  if (wrong.size > 0) ignored.add('NODE_ENV')
  if (wrong.has('BETTER_AUTH_SECRET')) ignored.add('BETTER_AUTH_SECRET_PREVIOUS')
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !ignored.has(name)))
}

/** Every problem of the configuration, and unknown variables that look like known ones. */
export function checkSettings(variables: Variables, problems: readonly string[]): Finding[] {
  const name = 'configuration'
  const unknown = typos(variables).map(([written, known]) =>
    warning(name, `${written} is not a setting`, `If ${known} is meant, rename it.`),
  )
  const set = KNOWN.filter((known) => variables[known])
  const valid = ok(name, set.length === 0 ? 'only defaults' : `valid: ${set.join(', ')}`)
  const wrong = problems.map((text) => problem(name, text, 'Correct the variable.'))
  return [...(wrong.length === 0 ? [valid] : wrong), ...unknown]
}

/** Unknown variables, each with the unset one whose name is almost the same. */
function typos(variables: Variables): [written: string, known: string][] {
  const unset = KNOWN.filter((known) => !variables[known])
  return Object.keys(variables)
    .filter((written) => !KNOWN.includes(written))
    .flatMap((written): [string, string][] => {
      const known = unset.find((name) => isSimilar(written.toUpperCase(), name))
      return known === undefined ? [] : [[written, known]]
    })
}

// Short names, such as PORT and PATH, are similar by chance.
function isSimilar(written: string, known: string): boolean {
  const allowed = Math.min(2, Math.floor(known.length / 4))
  return Math.abs(written.length - known.length) <= allowed && distance(written, known) <= allowed
}

/** How many letters to insert, remove or replace to turn one text into the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1]
    for (const [at, other] of [...to].entries())
      next.push(
        Math.min(
          (row[at] ?? 0) + (letter === other ? 0 : 1),
          (row[at + 1] ?? 0) + 1,
          (next[at] ?? 0) + 1,
        ),
      )
    row = next
  }
  return row.at(-1) ?? 0
}

export function checkEnvFile(): Finding[] {
  if (!existsSync('.env') || !statSync('.env').isFile()) return []
  const mode = statSync('.env').mode & 0o777
  if ((mode & WORLD_READABLE) === 0) return [ok('.env file', 'not readable for other users')]
  return [
    warning(
      '.env file',
      `readable for all users of the machine (mode ${mode.toString(8)})`,
      'Run `chmod 600 .env`, because it may contain secrets.',
    ),
  ]
}

export function checkOrigins({ config, variables }: Subject): Finding[] {
  const name = 'CORS origins'
  const { corsOrigins: origins, production } = config
  const advice =
    'List the origins of your pages in CORS_ORIGINS, for example https://app.example.com.'
  if (production && !variables['CORS_ORIGINS'])
    return [warning(name, `CORS_ORIGINS is not set, so only ${origins.join()} is allowed`, advice)]
  if (origins.length === 0) return [warning(name, 'no page of another origin may call', advice)]
  const unencrypted = origins.filter((origin) => production && isUnencrypted(origin))
  if (unencrypted.length === 0) return [ok(name, origins.join(', '))]
  return [
    warning(
      name,
      `not encrypted: ${unencrypted.join(', ')}`,
      'Serve the page with https://, because others on its network can change it and read its tokens.',
    ),
  ]
}

export function checkPublicUrl({ config }: Subject): Finding[] {
  const name = 'public address'
  const { publicUrl, production, trustedProxies } = config
  if (publicUrl === null) return []
  if (production && isUnencrypted(publicUrl))
    return [
      warning(
        name,
        `PUBLIC_URL is ${publicUrl}, so tokens are sent without encryption`,
        'Let the proxy in front use TLS, and write https:// in PUBLIC_URL.',
      ),
    ]
  if (trustedProxies === 0)
    return [
      warning(
        name,
        `${publicUrl}, but TRUST_PROXY is 0, so clients without a token share one rate limit`,
        'If a proxy is in front, set TRUST_PROXY to the number of proxies.',
      ),
    ]
  return [ok(name, publicUrl)]
}

function isUnencrypted(url: string): boolean {
  return url.startsWith('http:') && !isLoopback(new URL(url).hostname)
}

export function checkDescriptors(): Finding[] {
  const name = 'file descriptors'
  const limit = readLimit()
  if (limit === Number.MAX_SAFE_INTEGER) return [ok(name, 'the system reports no limit')]
  if (limit >= FEW_DESCRIPTORS) return [ok(name, `at most ${limit}`)]
  return [
    warning(
      name,
      `at most ${limit}, and each connection takes one`,
      'Raise the limit, for example with `docker run --ulimit nofile=65536` or LimitNOFILE=65536 in systemd.',
    ),
  ]
}
