import { hash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** How API tokens begin, so that people, programs and secret scanners recognize them. */
const PREFIX = 'tp_'

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const BASE = BigInt(DIGITS.length)

// What 256 bits, and the 32 bits of a checksum, need in base 62.
const SECRET_LENGTH = 43
const CHECKSUM_LENGTH = 6

const FORMAT = new RegExp(
  `^${PREFIX}([0-9A-Za-z]{${SECRET_LENGTH}})([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`,
)

/** Whether a text claims to be an API token. A JSON Web Token never does: it begins with `ey`. */
export function isApiToken(text: string): boolean {
  return text.startsWith(PREFIX)
}

/** A new token, and the hash to store in its place. */
export function newApiToken(): { readonly text: string; readonly hash: string } {
  const secret = inBase62(BigInt(`0x${randomBytes(32).toString('hex')}`), SECRET_LENGTH)
  const text = `${PREFIX}${secret}${checksumOf(secret)}`
  return { text, hash: hashApiToken(text) }
}

/**
 * Whether a token is written correctly. The checksum is no secret: it only finds typing errors, and tells
 * scanners of source code that this is a token, without the store.
 */
export function isWellFormed(text: string): boolean {
  const [, secret, checksum] = FORMAT.exec(text) ?? []
  return secret !== undefined && checksum === checksumOf(secret)
}

/**
 * The SHA-256 of a token. A salted, slow hash would gain nothing, because 256 random bits cannot be guessed. For
 * the same reason the look-up need not take constant time: the time that comparing hashes takes tells nothing
 * about a text whose hash is not known.
 */
export function hashApiToken(text: string): string {
  return hash('sha256', text, 'hex')
}

function checksumOf(secret: string): string {
  return inBase62(BigInt(crc32(secret)), CHECKSUM_LENGTH)
}

function inBase62(number: bigint, length: number): string {
  let rest = number
  let text = ''
  while (text.length < length) {
    text = `${DIGITS[Number(rest % BASE)]}${text}`
    rest /= BASE
  }
  return text
}
