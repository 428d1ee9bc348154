import type { Task } from './task.ts'

// Marks that do not make a different letter: accents, points, vowel marks, variation selectors. Excludes
// the voicing of kana (U+3099, U+309A), which does, and the vowel signs of Indic scripts and Thai.
const ACCENTS =
  /(?![\u3099\u309a])[\p{M}&&[\p{Script=Inherited}\p{Script=Arabic}\p{Script=Hebrew}]]/gv

// Format characters and emoji skin-tone modifiers.
const INVISIBLE = /[\p{Cf}\p{Emoji_Modifier}]/gu

const LETTER = String.raw`[\p{L}\p{M}\p{N}\p{Extended_Pictographic}\p{RI}]`
const PUNCTUATION_IN_WORD = new RegExp(String.raw`(?<=${LETTER})\p{P}+(?=${LETTER})`, 'gu')
const BETWEEN_WORDS = new RegExp(`(?!${LETTER}).`, 'gsu')

// Letters with a stroke, which Unicode does not decompose, and the final form of sigma.
const REPLACED: Readonly<Record<string, string>> = { đ: 'd', ø: 'o', ł: 'l', ς: 'σ' }

/**
 * The form of a text in which searches compare it: words in lower case, separated by single spaces,
 * without accents, vowel marks, differences of width (NFKC), punctuation or invisible characters.
 * Idempotent. Contains no wildcards of SQL patterns.
 */
export function fold(text: string): string {
  return (
    text
      .normalize('NFKD')
      .replace(ACCENTS, '')
      // Via upper case, which expands letters such as ß to SS.
      .toLowerCase()
      .toUpperCase()
      .toLowerCase()
      .normalize('NFKD')
      .replace(ACCENTS, '')
      .replace(INVISIBLE, '')
      .replace(/[đøłς]/g, (letter) => REPLACED[letter] ?? letter)
      .replace(PUNCTUATION_IN_WORD, '')
      .replace(BETWEEN_WORDS, ' ')
      .replace(/ +/g, ' ')
      .trim()
      .normalize('NFC')
  )
}

/**
 * What searches look in: the folded text, or the folded words of text, description and tags, each once,
 * which makes long descriptions much shorter.
 */
export function searchableText({ text, description, tags }: SearchableTask): string {
  if (description === null && tags.length === 0) return fold(text)
  return wordsOf([text, description ?? '', ...tags].join('\n')).join(' ')
}

/** The different words of a text, folded; one empty word if there are none. */
function wordsOf(text: string): string[] {
  return [...new Set(fold(text).split(' '))]
}

type SearchableTask = Pick<Task, 'text' | 'description' | 'tags'>

/** Folded words that must all occur in a folded text. An empty list matches nothing. */
export type Search = readonly string[]

/** Parses what a user typed. */
export function searchFor(typed: string): Search {
  return wordsOf(typed).filter((word) => word !== '')
}

/** Whether a folded text matches. */
export function isFound(folded: string, search: Search): boolean {
  return search.length > 0 && search.every((word) => folded.includes(word))
}
