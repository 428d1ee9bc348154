/** Texts that a careless store would change, each with a name. */
export const TEXTS: readonly (readonly [name: string, text: string])[] = [
  ['500 emoji', '😀'.repeat(500)],
  ['white space around', '  \t a \n\u2003'],
  ['both normal forms', 'e\u0301 \u00e9'],
  ['quotes and a statement', `'; drop table tasks; -- "`],
  ['a byte order mark', '\ufeff'],
  ['white space and a byte order mark', ' \u2003\ufeffa '],
  ['braces, commas and backslashes', '{"a",b\\c,NULL}'],
  ['a word that looks like null', 'null'],
  ['control characters', 'a\t\n\r\u0001\u001f\u007fb'],
  ['the last code point', '\u{10ffff}'],
]
