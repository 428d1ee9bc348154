import { join } from 'node:path'

const ROOT = join(import.meta.dir, '..', '..')

/** A document of the repository, by its path from the root. */
export function readPage(path: string): Promise<string> {
  return Bun.file(join(ROOT, path)).text()
}

/** What stands in the code blocks of a language, in their order. */
export function codeIn(page: string, language: string): string[] {
  const blocks = page.matchAll(/^```(\S*)\n(.*?)^```$/gms)
  return Array.from(blocks).flatMap(([, name, code = '']) => (name === language ? [code] : []))
}

/** The part of a page under a heading, up to the next one of its level or above. */
export function sectionOf(page: string, heading: string): string {
  const level = heading.indexOf(' ')
  const start = page.indexOf(`\n${heading}\n`)
  if (start < 0) throw new Error(`There is no "${heading}"`)
  const rest = page.slice(start + heading.length + 2)
  const end = rest.search(new RegExp(`^#{1,${level}} `, 'm'))
  return end < 0 ? rest : rest.slice(0, end)
}

/** The cells of the rows of all tables, without their headings. */
export function rowsIn(section: string): string[][] {
  const tables = section.matchAll(/^\|.*\n\|[-| :]+\|\n((?:\|.*\n)+)/gm)
  return Array.from(tables).flatMap(([, rows = '']) =>
    rows
      .trim()
      .split('\n')
      .map((row) =>
        row
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      ),
  )
}

/** What stands in backticks. */
export function namesIn(cell: string): string[] {
  return Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = '']) => name)
}

/** Takes a request apart that is written as in RFC 9112: its first line, its headers, its body. */
export function readRequest(example: string) {
  const [head = '', body] = example.split('\n\n')
  const [requestLine = '', ...fields] = head.trim().split('\n')
  const [method = '', path = ''] = requestLine.split(' ')
  const headers = Object.fromEntries(
    fields.map((field) => {
      const [name = '', ...value] = field.split(': ')
      return [name.toLowerCase(), value.join(': ')]
    }),
  )
  return { path, init: { method, headers, ...(body && { body: body.trim() }) } }
}
