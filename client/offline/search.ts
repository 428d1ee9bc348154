// The same folding as the service's, in `core/search.ts`. A test compares them.

// Marks that do not make a different letter: accents, points, vowel marks, variation selectors. Excludes
// the voicing of kana (U+3099, U+309A), which does, and the vowel signs of Indic scripts and Thai.
const ACCENTS =
  /(?![\u3099\u309a])(?=[\p{Script=Inherited}\p{Script=Arabic}\p{Script=Hebrew}])\p{M}/gu

// Format characters and emoji skin-tone modifiers.
const INVISIBLE = /[\p{Cf}\p{Emoji_Modifier}]/gu

const LETTER = '\\p{L}\\p{M}\\p{N}\\p{Extended_Pictographic}\\p{RI}'
const PUNCTUATION_IN_WORD = new RegExp(`(?<=[${LETTER}])\\p{P}+(?=[${LETTER}])`, 'gu')
const BETWEEN_WORDS = new RegExp(`[^${LETTER}]+`, 'gu')

// Letters with a stroke, which Unicode does not decompose, and the final form of sigma.
const REPLACED: Readonly<Record<string, string>> = { đ: 'd', ø: 'o', ł: 'l', ς: 'σ' }

/** The form of a text in which searches compare it. */
export function fold(text: string): string {
  return foldCase(text.normalize('NFKD').replace(ACCENTS, ''))
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .replace(INVISIBLE, '')
    .replace(/[đøłς]/g, (letter) => REPLACED[letter] ?? letter)
    .replace(PUNCTUATION_IN_WORD, '')
    .replace(BETWEEN_WORDS, ' ')
    .trim()
    .normalize('NFC')
}

/** Via upper case, which expands letters such as ß to SS. */
function foldCase(text: string): string {
  return text.toLowerCase().toUpperCase().toLowerCase()
}

/** What tags are compared by: the tag without differences of letter case and normalization. */
export function tagKey(tag: string): string {
  return tag.normalize('NFC').replace(/[^ı]+/g, foldCase).normalize('NFC')
}

export function hasTag(tags: readonly string[], tag: string): boolean {
  return tags.some((one) => tagKey(one) === tagKey(tag))
}
