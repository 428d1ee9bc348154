import { describe, expect, test } from 'bun:test'
import { readTask } from '../../http/answers.ts'
import { type Client, UNKNOWN } from './client.ts'

/** The rules for fields and ids. */
export function describeRules({ ann, send, sendJson, create, expectError }: Client): void {
  describe('text', () => {
    const accepted = [
      ['one character', 'a'],
      ['500 emoji', '😀'.repeat(500)],
      ['a letter with white space around it', '\u2003 a\n'],
      ['a zero width space', '\u200b'],
      ['a byte order mark', '\ufeff'],
      ['not normalized', 'e\u0301'],
      ['control characters', 'a\u0001\u001f'],
    ]
    test.each(accepted)('is stored unchanged when it is %s', async (_, text) => {
      const response = await sendJson('POST', '/tasks', { text })
      expect(response.status).toBe(201)
      const task = await readTask(response)
      expect(task.text).toBe(text)
      expect((await readTask(await send('GET', `/tasks/${task.id}`, ann))).text).toBe(text)
    })

    const refused: [string, unknown][] = [
      ['missing', undefined],
      ['null', null],
      ['a number', 1],
      ['a list', ['a']],
      ['empty', ''],
      ['501 characters', 'a'.repeat(501)],
      ['501 emoji', '😀'.repeat(501)],
      ['500 letters of two code points', 'e\u0301'.repeat(500)],
      ['spaces', '   '],
      [
        'every kind of white space',
        '\t\n\v\f\r \u0085\u00a0\u1680\u2003\u2028\u2029\u202f\u205f\u3000',
      ],
      ['U+0000', 'a\0b'],
      ['a lone high surrogate', 'a\ud83d'],
      ['a lone low surrogate', '\ude00a'],
    ]
    test.each(refused)('is refused when it is %s', async (_, text) => {
      const { id } = await create('x')
      const answers = [
        await sendJson('POST', '/tasks', { text }),
        await sendJson('PUT', `/tasks/${id}`, { text, completed: true }),
        ...(text === undefined ? [] : [await sendJson('PATCH', `/tasks/${id}`, { text })]),
      ]
      for (const answer of answers) {
        const { details } = await expectError(answer, 422, 'VALIDATION_ERROR')
        expect(details).toHaveLength(1)
        expect(details[0]).toStartWith('text: ')
      }
      expect((await readTask(await send('GET', `/tasks/${id}`, ann))).text).toBe('x')
    })

    test('has its limits in the error message', async () => {
      const answer = await sendJson('POST', '/tasks', { text: '' })
      const { details } = await expectError(answer, 422, 'VALIDATION_ERROR')
      expect(details[0]).toStartWith('text: must be 1 to 500 characters')
    })
  })

  describe('rules', () => {
    test.each([
      ['a string', 'true'],
      ['a number', 1],
      ['null', null],
    ])('return 422 when completed is %s', async (_, completed) => {
      const { id } = await create('x')
      for (const answer of [
        await sendJson('PUT', `/tasks/${id}`, { text: 'x', completed }),
        await sendJson('PATCH', `/tasks/${id}`, { completed }),
      ]) {
        const { details } = await expectError(answer, 422, 'VALIDATION_ERROR')
        expect(details).toStrictEqual(['completed: must be true or false'])
      }
    })

    test('name both members when updateTask lacks both', async () => {
      const answer = await sendJson('PUT', `/tasks/${UNKNOWN}`, {})
      const { details } = await expectError(answer, 422, 'VALIDATION_ERROR')
      expect(details).toStrictEqual(['text: is required', 'completed: is required'])
    })

    test('name every wrong field once, including the id of the path', async () => {
      const answer = await sendJson('PATCH', '/tasks/17', { text: '', completed: 'yes' })
      const { details } = await expectError(answer, 422, 'VALIDATION_ERROR')
      expect(details.map((detail) => detail.split(':')[0])).toStrictEqual([
        'id',
        'text',
        'completed',
      ])
    })

    test.each([[null], [[]], ['text'], [1], [true]])(
      'return 422 when the body is not an object: %j',
      async (body) => {
        for (const [method, path] of [
          ['POST', '/tasks'],
          ['PUT', `/tasks/${UNKNOWN}`],
          ['PATCH', `/tasks/${UNKNOWN}`],
        ] as const) {
          const { details } = await expectError(
            await sendJson(method, path, body),
            422,
            'VALIDATION_ERROR',
          )
          expect(details).toStrictEqual(['body: must be a JSON object'])
        }
      },
    )

    test.each([
      'x',
      '1',
      `{${UNKNOWN}}`,
      `urn:uuid:${UNKNOWN}`,
      UNKNOWN.replaceAll('-', ''),
      `${UNKNOWN}0`,
      `${UNKNOWN}%0A`,
      `%20${UNKNOWN}`,
      '%E0%A4%A',
      'a%2Fb',
    ])('return 422 when the id is not a UUID: %s', async (id) => {
      for (const answer of [
        await send('GET', `/tasks/${id}`, ann),
        await send('DELETE', `/tasks/${id}`, ann),
        await sendJson('PATCH', `/tasks/${id}`, {}),
        await sendJson('PUT', `/tasks/${id}`, { text: 'x', completed: false }),
      ]) {
        const { details } = await expectError(answer, 422, 'VALIDATION_ERROR')
        expect(details).toHaveLength(1)
        expect(details[0]).toStartWith('id: ')
      }
    })

    test.each([
      UNKNOWN,
      UNKNOWN.toUpperCase(),
      '00000000-0000-0000-0000-000000000000',
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
    ])('accept any version of a UUID as an id: %s', async (id) => {
      for (const answer of [
        await send('GET', `/tasks/${id}`, ann),
        await send('DELETE', `/tasks/${id}`, ann),
        await sendJson('PATCH', `/tasks/${id}`, {}),
        await sendJson('PUT', `/tasks/${id}`, { text: 'x', completed: false }),
      ])
        await expectError(answer, 404, 'NOT_FOUND', 'Task not found')
    })
  })
}
