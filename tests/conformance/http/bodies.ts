import { describe, expect, test } from 'bun:test'
import { type Client, JSON_TYPE, streamOf } from './client.ts'

/** How request bodies are read. */
export function describeBodies({ ann, send, expectError }: Client): void {
  describe('bodies', () => {
    const small = JSON.stringify({ text: 'x' })

    test.each([
      'application/json',
      'Application/JSON',
      'application/json; charset=utf-8',
      'application/json;charset="UTF-8";x=y',
      ' application/json ',
    ])('accepts the type %s', async (type) => {
      const response = await send('POST', '/tasks', { ...ann, 'content-type': type }, small)
      expect(response.status).toBe(201)
    })

    test.each([
      ['text/plain', {}],
      ['application/x-www-form-urlencoded', {}],
      ['application/merge-patch+json', {}],
      ['application/jsonp', {}],
      ['application/json', { 'content-encoding': 'gzip' }],
      ['application/json', { 'content-encoding': 'identity' }],
    ])('returns 415 when the type is %s, with the headers %j', async (type, headers) => {
      const response = await send(
        'POST',
        '/tasks',
        { ...ann, 'content-type': type, ...headers },
        small,
      )
      await expectError(response, 415, 'UNSUPPORTED_MEDIA_TYPE')
    })

    test('returns 415 when there is no type', async () => {
      const response = await send('POST', '/tasks', ann, new TextEncoder().encode(small))
      await expectError(response, 415, 'UNSUPPORTED_MEDIA_TYPE')
    })

    test.each([
      ['empty', ''],
      ['white space', ' \n'],
      ['cut off', '{"text":'],
      ['followed by something', '{"text":"x"}}'],
      ['in single quotes', "{'text':'x'}"],
      ['60,000 brackets', '['.repeat(60_000)],
    ])('returns 400 when the body is %s', async (_, body) => {
      const response = await send('POST', '/tasks', { ...ann, ...JSON_TYPE }, body)
      await expectError(response, 400, 'BAD_REQUEST')
    })

    test('returns 400 when there is no body', async () => {
      const response = await send('POST', '/tasks', { ...ann, ...JSON_TYPE })
      await expectError(response, 400, 'BAD_REQUEST')
    })

    test.each([
      ['a stray byte', [0xff]],
      ['an overlong slash', [0xc0, 0xaf]],
      ['an encoded surrogate', [0xed, 0xa0, 0x80]],
    ])('returns 400 when the body contains %s, which is not UTF-8', async (_, bytes) => {
      const body = new Uint8Array([...Buffer.from('{"text":"'), ...bytes, ...Buffer.from('"}')])
      const response = await send('POST', '/tasks', { ...ann, ...JSON_TYPE }, body)
      await expectError(response, 400, 'BAD_REQUEST')
    })

    const limit = 262_144
    const ofLength = (length: number) => `{"text":"x"${' '.repeat(length - 12)}}`

    test('accepts a body of exactly the maximum size, with and without Content-Length', async () => {
      const headers = { ...ann, ...JSON_TYPE }
      expect((await send('POST', '/tasks', headers, ofLength(limit))).status).toBe(201)
      const streamed = streamOf(ofLength(limit))
      expect((await send('POST', '/tasks', headers, streamed)).status).toBe(201)
    })

    test('returns 413 when the body is too large, with and without Content-Length', async () => {
      const headers = { ...ann, ...JSON_TYPE }
      await expectError(
        await send('POST', '/tasks', headers, ofLength(limit + 1)),
        413,
        'PAYLOAD_TOO_LARGE',
      )
      const streamed = streamOf(ofLength(limit + 1))
      await expectError(await send('POST', '/tasks', headers, streamed), 413, 'PAYLOAD_TOO_LARGE')
    })
  })
}
