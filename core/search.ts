// Marks that only change how a letter is read: accents, points, vowel marks, variation selectors.
// The voicing of kana (U+3099, U+309A) makes another letter; vowel signs of Indic and Thai scripts
// are not matched here because they belong to their own scripts.
const ACCENTS =
  /(?![\u3099\u309a])[\p{M}&&[\p{Script=Inherited}\p{Script=Arabic}\p{Script=Hebrew}]]/gv

// Format characters, and the modifiers that only change the skin of the emoji before them.
const INVISIBLE = /[\p{Cf}\p{Emoji_Modifier}]/gu

const LETTER = String.raw`[\p{L}\p{M}\p{N}\p{Extended_Pictographic}\p{RI}]`
const PUNCTUATION_IN_WORD = new RegExp(String.raw`(?<=${LETTER})\p{P}+(?=${LETTER})`, 'gu')
const BETWEEN_WORDS = new RegExp(`(?!${LETTER}).`, 'gsu')

// Letters with a stroke, which Unicode does not decompose, and the final form of sigma.
const REPLACED: Readonly<Record<string, string>> = { đ: 'd', ø: 'o', ł: 'l', ς: 'σ' }

/**
 * The form of a text in which searches compare it: words in lower case, separated by single spaces,
 * without accents, vowel marks, differences of width (NFKC), punctuation or invisible characters.
 * Idempotent, and free of the characters that patterns of SQL give a meaning.
 */
export function fold(text: string): string {
  return (
    text
      .normalize('NFKD')
      .replace(ACCENTS, '')
      // There and back: only the capitals of some letters, such as ß, are spelled out.
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

/** Folded words that must all occur in a folded text. Without a word, nothing is found. */
export type Search = readonly string[]

/** The search that a person means who types this. */
export function searchFor(typed: string): Search {
  return [...new Set(fold(typed).split(' '))].filter((word) => word !== '')
}

/** Whether a text, in its folded form, is found. */
export function isFound(folded: string, search: Search): boolean {
  return search.length > 0 && search.every((word) => folded.includes(word))
}
