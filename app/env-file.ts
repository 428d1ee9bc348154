import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { OperatorError } from '../core/errors.ts'

// The grammar of python-dotenv. A quoted value may contain newlines; an unquoted one ends at ` #`.
const SPACE = String.raw`[^\S\n]*`
const NAME = String.raw`(?:export[^\S\n]+)?(?:'(?<quoted>[^']+)'|(?<name>(?!'|export[^\S\n])[^=#\s]+))`
const SINGLE = String.raw`'(?<single>(?:\\.|[^\\'])*)'`
const DOUBLE = String.raw`"(?<double>(?:\\.|[^\\"])*)"`
const PLAIN = String.raw`(?!${SPACE}['"])(?<plain>[^\n]*)`
const VALUE = `=(?:${SPACE}(?:${SINGLE}|${DOUBLE})|${PLAIN})`
const VARIABLE = new RegExp(
  String.raw`${NAME}${SPACE}(?:${VALUE})?${SPACE}(?:#[^\n]*)?(?:\n|$)`,
  'sy',
)
const BLANK = /\s+|#.*/y
const ESCAPED: Record<string, string> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/**
 * Adds the variables of the file `.env` in the working directory to `variables`. Variables that are
 * set win, even if they are empty.
 *
 * @throws OperatorError if the file cannot be read, or a line is malformed.
 */
export function addEnvFile(variables: Record<string, string | undefined>): void {
  const text = readText('.env')
  if (text === null) return
  if (isReadByBun())
    throw new OperatorError(
      `.env: Bun has read it and expanded each $; start with \`bun --no-env-file ${Bun.main}\``,
    )
  for (const [name, value] of parseEnvFile(text)) variables[name] ??= value
}

/**
 * Reads variables as python-dotenv does, but does not expand `${NAME}`. Node's `parseEnv` reads other
 * escapes and quotes, and ignores malformed lines.
 *
 * @throws OperatorError if a line is malformed. The message does not repeat it: it may be a secret.
 */
export function parseEnvFile(text: string): Map<string, string> {
  const source = text.replace(/\r\n?/g, '\n')
  const variables = new Map<string, string>()
  for (let at = 0; at < source.length; ) {
    BLANK.lastIndex = VARIABLE.lastIndex = at
    const blank = BLANK.exec(source)
    const variable = blank ? null : VARIABLE.exec(source)
    if (variable?.groups) {
      const { quoted, name = quoted ?? '', single, double, plain } = variable.groups
      const value =
        single?.replace(/\\([\\'])/g, '$1') ??
        double?.replace(/\\([\\'"abfnrtv])/g, (_, mark: string) => ESCAPED[mark] ?? mark) ??
        plain?.replace(/\s+#.*/, '').trim()
      // A name without `=` sets nothing.
      if (value !== undefined) variables.set(name, value)
    } else if (!blank) {
      throw new OperatorError(
        `.env: line ${source.slice(0, at).split('\n').length} is malformed; write NAME=value, or NAME='value' with only a comment after it`,
      )
    }
    at = blank ? BLANK.lastIndex : VARIABLE.lastIndex
  }
  return variables
}

/** @returns `null` if there is no such file. A directory, such as a Python environment, is ignored. */
function readText(path: string): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
    // UTF-16 without a byte order mark is valid UTF-8, with a NUL in each letter.
    if (!text.includes('\0')) return text
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'EISDIR') return null
    if (code !== 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw new OperatorError(`${path}: cannot be read (${code}); make it readable, or remove it`)
  }
  throw new OperatorError(`${path}: is not in UTF-8; save it in UTF-8`)
}

// Bun expands each `$` in `.env`, even within single quotes, and does not say which variables were set
// before. `bunfig.toml` turns that off in the root of this project, and a build option in executables.
function isReadByBun(): boolean {
  return (
    !Bun.main.startsWith('/$bunfs/') &&
    !process.execArgv.includes('--no-env-file') &&
    process.cwd() !== join(import.meta.dir, '..')
  )
}
