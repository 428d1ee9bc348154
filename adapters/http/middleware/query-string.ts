/** The parameters of a query string. */
export interface QueryString {
  /** Decoded, by name. */
  readonly values: ReadonlyMap<string, string>
  /** Those that may be repeated, each with all of its values. */
  readonly repeated: ReadonlyMap<string, readonly string[]>
  /** One `parameter: what is wrong` for each that could not be read. */
  readonly problems: readonly string[]
}

const NOTHING: QueryString = { values: new Map(), repeated: new Map(), problems: [] }

/**
 * Reads parameters of a URL's query (application/x-www-form-urlencoded, in UTF-8). Ignores unknown
 * names. A parameter with an empty value counts as absent.
 *
 * @param repeatable those that may be given more than once.
 */
export function readQueryString(
  url: string,
  names: readonly string[],
  repeatable: readonly string[] = [],
): QueryString {
  const start = url.indexOf('?')
  if (start === -1) return NOTHING
  const values = new Map<string, string>()
  const repeated = new Map<string, string[]>()
  const problems = new Map<string, string>()
  for (const pair of url.slice(start + 1).split('&')) {
    const end = pair.indexOf('=')
    const name = decode(end === -1 ? pair : pair.slice(0, end))
    if (name === null) continue
    const isRepeatable = repeatable.includes(name)
    if (!isRepeatable && !names.includes(name)) continue
    const value = decode(end === -1 ? '' : pair.slice(end + 1))
    if (value === '') continue
    if (!isRepeatable && (values.has(name) || problems.has(name)))
      problems.set(name, 'must be given once')
    else if (value === null) problems.set(name, 'must be percent-encoded UTF-8')
    else if (isRepeatable) repeated.set(name, [...(repeated.get(name) ?? []), value])
    else values.set(name, value)
  }
  for (const name of problems.keys()) {
    values.delete(name)
    repeated.delete(name)
  }
  return {
    values,
    repeated,
    problems: Array.from(problems, ([name, problem]) => `${name}: ${problem}`),
  }
}

/** Converts decimal digits to a number. Returns any other text as it is. */
export function numberIn(text: string): number | string {
  return /^\d{1,9}$/.test(text) ? Number(text) : text
}

/** Converts `true` and `false` to booleans. Returns any other text as it is. */
export function booleanIn<Text extends string | undefined>(text: Text): Text | boolean {
  return text === 'true' || (text === 'false' ? false : text)
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return null
  }
}
