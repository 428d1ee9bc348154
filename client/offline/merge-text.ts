/** Merges two changes of a text, word by word. Returns `null` if both write or replace the same words. */
export function mergeText(base: string, mine: string, theirs: string): string | null {
  const words = split(base)
  if (words.length === 0) return null
  const edits: [Edit, Edit] = [editOf(words, split(theirs)), editOf(words, split(mine))]
  // Two insertions in the same place are both kept.
  const [first, second] = edits.sort((a, b) => a.start - b.start || a.end - b.end)
  if (first.end > second.start) return null
  return [
    ...words.slice(0, first.start),
    ...first.words,
    ...words.slice(first.end, second.start),
    ...second.words,
    ...words.slice(second.end),
  ].join('')
}

type Edit = ReturnType<typeof editOf>

/** Words, and the white space between them. */
function split(text: string): string[] {
  return text.match(/\s+|\S+/g) ?? []
}

/** The part of a text that was replaced, and the words that replace it. */
function editOf(base: readonly string[], changed: readonly string[]) {
  const start = sameWords(base, changed)
  const kept = sameWords(base.slice(start).reverse(), changed.slice(start).reverse())
  return { start, end: base.length - kept, words: changed.slice(start, changed.length - kept) }
}

/** How many words are the same from the beginning. */
function sameWords(base: readonly string[], changed: readonly string[]): number {
  let count = 0
  while (count < base.length && base[count] === changed[count]) count++
  return count
}
