import { join } from 'node:path'

const ROOT = join(import.meta.dir, '..', '..')

/** A document of the repository, by its path from the root. */
export function readPage(path: string): Promise<string> {
  return Bun.file(join(ROOT, path)).text()
}

/** The code blocks of a language, in their order. */
export function codeIn(page: string, language: string): string[] {
  const blocks = page.matchAll(/^( *)```(\S*)\n(.*?)^ *```$/gms)
  return Array.from(blocks).flatMap(([, indent = '', name, code = '']) =>
    name === language ? [code.replaceAll(new RegExp(`^${indent}`, 'gm'), '')] : [],
  )
}

/** The part of a page under a heading, up to the next heading of the same or a higher level. */
export function sectionOf(page: string, heading: string): string {
  const level = heading.indexOf(' ')
  const start = page.indexOf(`\n${heading}\n`)
  if (start < 0) throw new Error(`There is no "${heading}"`)
  const rest = page.slice(start + heading.length + 2)
  const end = rest.search(new RegExp(`^#{1,${level}} `, 'm'))
  return end < 0 ? rest : rest.slice(0, end)
}

/** The cells of all tables, row by row, without the headings. */
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

/** The texts in backticks. */
export function namesIn(cell: string): string[] {
  return Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = '']) => name)
}

/** Reads a request that is written as in RFC 9112: request line, headers, body. */
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
