import { expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import {
  hashApiToken,
  isApiToken,
  isWellFormed,
  newApiToken,
} from '../../adapters/auth/api-token-format.ts'

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

test('makes a token of the prefix, 256 random bits and a checksum, in letters and digits', () => {
  const texts = Array.from({ length: 1000 }, () => newApiToken().text)
  for (const text of texts) {
    expect(text).toMatch(/^tp_[0-9A-Za-z]{49}$/)
    expect(isApiToken(text)).toBe(true)
    expect(isWellFormed(text)).toBe(true)
  }
  expect(new Set(texts).size).toBe(1000)
  // Each digit but the first, which 256 bits do not fill, takes every value.
  for (let index = 4; index < 46; index++)
    expect(new Set(texts.map((text) => text[index])).size).toBeGreaterThan(50)
})

test('computes the checksum like a CRC-32 in base 62', () => {
  // 0x7849568f, computed with another implementation.
  expect(isWellFormed(`tp_${'0'.repeat(43)}2CZclj`)).toBe(true)
})

test('finds every wrong, swapped, missing or added character', () => {
  const { text } = newApiToken()
  for (let index = 3; index < text.length; index++) {
    const [before, character, after] = [text.slice(0, index), text[index], text.slice(index + 1)]
    for (const other of DIGITS)
      if (other !== character) expect(isWellFormed(`${before}${other}${after}`)).toBe(false)
    expect(isWellFormed(`${before}${after}`)).toBe(false)
    expect(isWellFormed(`${before}x${character}${after}`)).toBe(false)
    const next = text[index + 1]
    if (next !== undefined && next !== character)
      expect(isWellFormed(`${before}${next}${character}${text.slice(index + 2)}`)).toBe(false)
  }
})

test.each([
  'tp_',
  'tp_x',
  `tp_${'0'.repeat(49)}`,
  `tp_${'é'.repeat(49)}`,
  `tp_${'0'.repeat(9000)}`,
])('takes %p for an API token that is not well-formed', (text) => {
  expect(isApiToken(text)).toBe(true)
  expect(isWellFormed(text)).toBe(false)
})

test.each(['', 'tp', 'TP_x', ' tp_x', 'eyJhbGciOiJIUzI1NiJ9.e30.x', 'gh_x'])(
  'does not take %p for an API token',
  (text) => expect(isApiToken(text)).toBe(false),
)

test('accepts no white space or line end around a token', () => {
  const { text } = newApiToken()
  for (const other of [`${text}\n`, `${text} `, `${text}\0`])
    expect(isWellFormed(other)).toBe(false)
})

test('stores the SHA-256 of the whole text', () => {
  const { text, hash } = newApiToken()
  expect(hash).toBe(createHash('sha256').update(text).digest('hex'))
  expect(hashApiToken(text)).toBe(hash)
})
