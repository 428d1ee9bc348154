import { describe, expect, test } from 'bun:test'
import { type Client, JSON_TYPE, streamOf } from './client.ts'

/** How bodies are read. */
export function describeBodies({ ann, send, expectError }: Client): void {
  describe('bodies', () => {
    const small = JSON.stringify({ text: 'x' })

    test.each([
      'application/json',
      'Application/JSON',
      'application/json; charset=utf-8',
      'application/json;charset="UTF-8";x=y',
      ' application/json ',
    ])('%s is JSON', async (type) => {
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
    ])('%s %j is refused', async (type, headers) => {
      const response = await send(
        'POST',
        '/tasks',
        { ...ann, 'content-type': type, ...headers },
        small,
      )
      await expectError(response, 415, 'UNSUPPORTED_MEDIA_TYPE')
    })

    test('a body without a type is refused', async () => {
      const response = await send('POST', '/tasks', ann, new TextEncoder().encode(small))
      await expectError(response, 415, 'UNSUPPORTED_MEDIA_TYPE')
    })

    test.each([
      ['nothing', ''],
      ['white space', ' \n'],
      ['half an object', '{"text":'],
      ['something after the object', '{"text":"x"}}'],
      ['single quotes', "{'text':'x'}"],
      ['a million brackets', '['.repeat(60_000)],
    ])('%s is not JSON', async (_, body) => {
      const response = await send('POST', '/tasks', { ...ann, ...JSON_TYPE }, body)
      await expectError(response, 400, 'BAD_REQUEST')
    })

    test('no body at all', async () => {
      const response = await send('POST', '/tasks', { ...ann, ...JSON_TYPE })
      await expectError(response, 400, 'BAD_REQUEST')
    })

    test.each([
      ['a stray byte', [0xff]],
      ['an overlong slash', [0xc0, 0xaf]],
      ['an encoded surrogate', [0xed, 0xa0, 0x80]],
    ])('%s is not UTF-8', async (_, bytes) => {
      const body = new Uint8Array([...Buffer.from('{"text":"'), ...bytes, ...Buffer.from('"}')])
      const response = await send('POST', '/tasks', { ...ann, ...JSON_TYPE }, body)
      await expectError(response, 400, 'BAD_REQUEST')
    })

    const limit = 65_536
    const ofLength = (length: number) => `{"text":"x"${' '.repeat(length - 12)}}`

    test('a body of exactly the limit is taken, announced or not', async () => {
      const headers = { ...ann, ...JSON_TYPE }
      expect((await send('POST', '/tasks', headers, ofLength(limit))).status).toBe(201)
      const streamed = streamOf(ofLength(limit))
      expect((await send('POST', '/tasks', headers, streamed)).status).toBe(201)
    })

    test('a body over the limit is refused, announced or not', async () => {
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
