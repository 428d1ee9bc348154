// A word starts with a letter or a digit; an emoji is a word of its own, a flag being two code points.
const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*|\p{Extended_Pictographic}|\p{RI}{2}/gu

// Indexes hold keys of some kilobytes at most; nobody types as much of one word.
const WORD_LENGTH = 64

/** What is looked for: tasks that have all of the words, and one that starts with the prefix. */
export interface Search {
  readonly words: readonly string[]
  readonly prefix: string
}

/**
 * The words of a text, each once, in the form in which they are compared: compatibility characters
 * made plain (Unicode's NFKC) and in upper case, which unlike lower case does not depend on what
 * stands beside a letter. Cut to 64 code points.
 */
export function wordsOf(text: string): string[] {
  return [...new Set(split(text))]
}

/** What a person who typed `text` looks for, who may not have finished the last word. */
export function searchFor(text: string): Search {
  const typed = split(text)
  const prefix = typed.pop() ?? ''
  return { words: [...new Set(typed)], prefix }
}

/** Whether a text with these words is found. */
export function isFound(textWords: readonly string[], { words, prefix }: Search): boolean {
  return (
    words.every((word) => textWords.includes(word)) &&
    textWords.some((word) => word.startsWith(prefix))
  )
}

function split(text: string): string[] {
  const folded = text.normalize('NFKC').toUpperCase().normalize('NFKC')
  return Array.from(folded.matchAll(WORD), ([word]) =>
    word.length > WORD_LENGTH ? Array.from(word).slice(0, WORD_LENGTH).join('') : word,
  )
}
