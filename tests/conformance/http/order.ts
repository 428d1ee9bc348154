import { describe, expect, test } from 'bun:test'
import { readList, readTask } from '../../http/answers.ts'
import { type Client, UNKNOWN } from './client.ts'

/** Moving tasks in the manual order. */
export function describeOrder({ ann, send, sendJson, create, newUser, expectError }: Client): void {
  describe('moveTask', () => {
    async function withTasks() {
      const headers = await newUser()
      const [d, c, b, a] = [
        await create('d', headers),
        await create('c', headers),
        await create('b', headers),
        await create('a', headers),
      ]
      const order = async () => {
        const { tasks } = await readList(await send('GET', '/tasks?sort=order', headers))
        return tasks.map(({ text }) => text).join('')
      }
      expect(await order()).toBe('abcd')
      return { headers, order, a, b, c, d }
    }

    const MOVES: ['a' | 'b' | 'c' | 'd', string, string, string][] = [
      ['c', 'to', 'top', 'cabd'],
      ['b', 'to', 'bottom', 'acdb'],
      ['d', 'before', 'b', 'adbc'],
      ['a', 'before', 'd', 'bcad'],
      ['a', 'after', 'd', 'bcda'],
      ['d', 'after', 'a', 'adbc'],
    ]
    test.each(MOVES)(
      'moves %s %s %s, which gives the order %s',
      async (name, where, neighbour, expected) => {
        const { headers, order, ...tasks } = await withTasks()
        const place = where === 'to' ? neighbour : Object(tasks)[neighbour].id.toUpperCase()
        const path = `/tasks/${tasks[name].id.toUpperCase()}/move`
        const response = await sendJson('POST', path, { [where]: place }, headers)
        expect(response.status).toBe(200)
        const moved = await readTask(response)
        expect(moved).toMatchObject({ id: tasks[name].id, text: name, version: 2 })
        expect(moved.updated_at >= tasks[name].updated_at).toBe(true)
        expect(await order()).toBe(expected)
      },
    )

    test.each([
      ['a', { to: 'top' }],
      ['d', { to: 'bottom' }],
    ] as const)('leaves %s as it is when it is there already: %j', async (name, body) => {
      const { headers, ...tasks } = await withTasks()
      const response = await sendJson('POST', `/tasks/${tasks[name].id}/move`, body, headers)
      expect(await readTask(response)).toStrictEqual(tasks[name])
    })

    const ONE_OF = 'body: must be a JSON object with exactly one of before, after and to'
    const NEIGHBOUR = (name: string) =>
      `${name}: must be the id of another of your tasks, written as 8-4-4-4-12 hexadecimal digits`
    test.each<[unknown, string[]]>([
      [{}, [ONE_OF]],
      [[], ['body: must be a JSON object']],
      [null, ['body: must be a JSON object']],
      [{ to: 'top', before: UNKNOWN }, [ONE_OF]],
      [{ to: 'middle' }, ['to: must be top or bottom']],
      [{ to: null }, ['to: must be top or bottom']],
      [{ to: 'top', x: 1 }, ['x: is not known here', ONE_OF]],
      [{ before: 'x' }, [NEIGHBOUR('before')]],
      [{ after: 7 }, ['after: must be a string']],
    ])('returns 422 when the body is not a destination: %j', async (body, problems) => {
      const { id } = await create('x')
      const response = await sendJson('POST', `/tasks/${id}/move`, body)
      const { details } = await expectError(response, 422, 'VALIDATION_ERROR')
      expect(details.toSorted()).toStrictEqual(problems.toSorted())
    })

    test.each(['before', 'after'])(
      'returns 422 for a move %s anything but another task of the user',
      async (where) => {
        const task = await create('x')
        const others = await create('of another user', await newUser())
        const trashed = await create('x')
        await send('DELETE', `/tasks/${trashed.id}`, ann)
        const answers = []
        for (const neighbour of [task.id, UNKNOWN, others.id, trashed.id]) {
          const response = await sendJson('POST', `/tasks/${task.id}/move`, { [where]: neighbour })
          answers.push(await expectError(response, 422, 'VALIDATION_ERROR'))
        }
        const details = [`${where}: must be the id of another of your tasks`]
        for (const answer of answers) expect(answer.details).toStrictEqual(details)
        expect(await readTask(await send('GET', `/tasks/${task.id}`, ann))).toStrictEqual(task)
      },
    )

    test('returns 404 when the task does not exist or is in the trash', async () => {
      const trashed = await create('x')
      await send('DELETE', `/tasks/${trashed.id}`, ann)
      for (const id of [UNKNOWN, trashed.id])
        for (const place of [{ to: 'top' }, { before: UNKNOWN }])
          await expectError(
            await sendJson('POST', `/tasks/${id}/move`, place),
            404,
            'NOT_FOUND',
            'Task not found',
          )
    })

    test('concurrent moves leave every task with an order of its own', async () => {
      const { headers, order, ...tasks } = await withTasks()
      const racing = Object.values(tasks).flatMap(({ id }) =>
        ['top', 'bottom', 'top'].map((to) =>
          sendJson('POST', `/tasks/${id}/move`, { to }, headers),
        ),
      )
      for (const { status } of await Promise.all(racing)) expect(status).toBe(200)
      const { tasks: list } = await readList(await send('GET', '/tasks?sort=order', headers))
      expect(new Set(list.map((task) => task.order)).size).toBe(4)
      expect([...(await order())].toSorted().join('')).toBe('abcd')
    })
  })
}
