import { createHash } from 'node:crypto'
import { type Search, wordsOf } from '../../core/search.ts'
import type { OpenFile } from './connection.ts'

const ADD = 'insert into task_words (words) values (?)'

const REPLACE = 'insert or replace into task_words (rowid, words) values (?, ?)'

const FORGET = 'delete from task_words where rowid = ?'

/** Which row of `task_words` the words of a text have that is not in it, as its owner has few tasks. */
export const NO_WORDS = 0

/** Keeps the words of a text. Returns the number of the row that has them. */
export function addWords(file: OpenFile, owner: string, text: string): number {
  return Number(file.statement(ADD).run(tokensOf(owner, text)).lastInsertRowid)
}

export function replaceWords(file: OpenFile, row: number, owner: string, text: string): void {
  file.statement(REPLACE).run(row, tokensOf(owner, text))
}

export function forgetWords(file: OpenFile, row: number): void {
  file.statement(FORGET).run(row)
}

/** What to match for rows that a search finds. Those of another owner may be among them. */
export function matchOf(owner: string, { words, prefix }: Search): string {
  const token = tokenOf(owner)
  return [...words.map((word) => `"${token(word)}"`), `"${token(prefix)}"*`].join(' AND ')
}

function tokensOf(owner: string, text: string): string {
  return wordsOf(text).map(tokenOf(owner)).join(' ')
}

/**
 * Words as tokens that the index takes as they are, in which a word's beginning is the token's. Who the
 * owner is stands before, cut short: where two owners are taken for one, a search takes longer.
 */
function tokenOf(owner: string): (word: string) => string {
  const whose = createHash('sha256').update(owner).digest('hex').slice(0, 12)
  return (word) => whose + Buffer.from(word).toString('hex')
}
