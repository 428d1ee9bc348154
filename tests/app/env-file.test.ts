import { describe, expect, test } from 'bun:test'
import { parseEnvFile } from '../../app/env-file.ts'
import { OperatorError } from '../../core/errors.ts'

// python-dotenv 1.2.4 reads the same from each of these.
test.each<[what: string, text: string, variables: Record<string, string>]>([
  ['nothing', '', {}],
  ['comments and empty lines', '# A=1\n\n  # B=2\n \t\nC=3 # more\n', { C: '3' }],
  ['$ without quotes', `A=abc$def\${A}$`, { A: `abc$def\${A}$` }],
  ['$ in single quotes', `A='abc$def\${B}'`, { A: `abc$def\${B}` }],
  ['$ in double quotes', 'A="abc$def\\$x"', { A: 'abc$def\\$x' }],
  ['# without a space before it', 'A=a#b\nB=#c', { A: 'a#b', B: '#c' }],
  ['# after a space', 'A=a #b #c\nB= #c\nC=d\t# e', { A: 'a', B: '', C: 'd' }],
  ['# in quotes', `A='a #b' # c\nB="a #b"#c`, { A: 'a #b', B: 'a #b' }],
  ['spaces', '  A = a b  \nB\t=\t"  c "\t\nC=\u00a0d', { A: 'a b', B: '  c ', C: 'd' }],
  ['export', 'export A=1\nexport\t B=2\nexport=3', { A: '1', B: '2', export: '3' }],
  ['empty values', `A=\nB=''\nC=""\nD= \nE=1`, { A: '', B: '', C: '', D: '', E: '1' }],
  ['a name without =', 'A\nexport B\nC=1', { C: '1' }],
  ['a quoted name', "'A B'=1", { 'A B': '1' }],
  ['= in a value', 'A=b=c==\nB="="', { A: 'b=c==', B: '=' }],
  [
    'quotes within a value',
    `A=it's "x"\nB="it's"\nC='"'\nD=\`x\``,
    {
      A: `it's "x"`,
      B: "it's",
      C: '"',
      D: '`x`',
    },
  ],
  [
    'escapes in double quotes',
    String.raw`A="\a\b\f\n\r\t\v\\\'\"\x\u0041"`,
    {
      A: '\x07\b\f\n\r\t\v\\\'"\\x\\u0041',
    },
  ],
  ['escapes in single quotes', String.raw`A='\n\\\'\"'`, { A: '\\n\\\'\\"' }],
  ['escapes without quotes', String.raw`A=\n\\\'`, { A: String.raw`\n\\\'` }],
  [
    'values of several lines',
    `A="1\n# 2\nB=3"\nC='4\n\n5'\nD=6`,
    {
      A: '1\n# 2\nB=3',
      C: '4\n\n5',
      D: '6',
    },
  ],
  [
    'CRLF and CR',
    'A=1\r\nB="2\r\n3"\r\n\r\nC=4\rD=5 # 6\r\n',
    {
      A: '1',
      B: '2\n3',
      C: '4',
      D: '5',
    },
  ],
  ['a name twice', 'A=1\nA=2', { A: '2' }],
  [
    'names of other languages',
    'größe=1\n__proto__=2',
    Object.fromEntries([
      ['größe', '1'],
      ['__proto__', '2'],
    ]),
  ],
])('reads %s', (_what, text, variables) => {
  expect(Object.fromEntries(parseEnvFile(text))).toStrictEqual(variables)
})

describe('refuses, without repeating it,', () => {
  test.each([
    ['an unterminated single quote', "A=1\nB='hunter2\nC=3", 2],
    ['an unterminated double quote', 'A=1\n\nB="hunter2\\"', 3],
    ['text after a quoted value', "A='hunter2'x", 1],
    ['an unescaped quote in a value', "A='hunt'er2'", 1],
    ['a value without a name', '\r\n=hunter2', 2],
    ['a value without =', 'A="\n\n"\nhunter2 x', 4],
    ['a colon', 'A: hunter2', 1],
  ])('%s', (_what, text, line) => {
    expect(() => parseEnvFile(text)).toThrow(
      new OperatorError(
        `.env: line ${line} is malformed; write NAME=value, or NAME='value' with only a comment after it`,
      ),
    )
  })
})
