import { describe, expect, test } from 'bun:test'
import { readError } from '../../../http/answers.ts'
import { type Client, TASK_MEMBERS, UNKNOWN } from '../client.ts'
import { createUser, LIST_MEMBERS, NO_ID } from './user.ts'

const OP =
  'op: must be one of create, patch, delete, restore, move, create_list, patch_list, delete_list, move_list'

// What is wrong with a reference that cannot be resolved.
const noTask = (member: string, reference: string) =>
  `${member}: ${reference} must be the number of an earlier operation that creates a task`
const noList = (member: string, reference: string) =>
  `${member}: ${reference} must be the number of an earlier operation that creates a list`

const NEW_LIST = { op: 'create_list', body: { name: 'new' } }
const NEW_TASK = { op: 'create', body: { text: 'new' } }
const FAILING_LIST = { op: 'create_list', body: { name: '' } }
const FAILING_TASK = { op: 'create', body: { text: 'new', list_id: UNKNOWN } }

/** Batches with operations on lists, and with references to what they make. */
export function describeModelBatches(client: Client): void {
  const newUser = () => createUser(client)

  describe('a batch', () => {
    test.each([true, false])('changes lists when atomic is %p', async (atomic) => {
      const user = await newUser()
      const list = await user.createList('a')
      const task = await user.create({ list_id: list.id })
      const { id } = list
      const results = await user.batch(
        [
          { op: 'create_list', body: { name: 'b', color: '#1e90ff', id: UNKNOWN }, if_match: 'x' },
          { op: 'patch_list', id: id.toUpperCase(), if_match: '"v1"', body: { color: '#000000' } },
          { op: 'move_list', id, if_match: '"v2"', body: { to: 'bottom' } },
          { op: 'patch_list', id, if_match: '*', body: {} },
          { op: 'delete_list', id, if_match: '"v3"' },
          { op: 'restore', id: task.id },
        ],
        atomic,
      )
      expect(results.map(({ status }) => status)).toStrictEqual([201, 200, 200, 200, 204, 200])
      expect(results.map((result) => Object.keys(result).join())).toStrictEqual([
        ...Array(4).fill('status,list'),
        'status',
        'status,task',
      ])
      for (const { list } of results.slice(0, 4))
        expect(Object.keys(Object(list))).toStrictEqual(LIST_MEMBERS)
      expect(results[1]?.list).toMatchObject({ id, color: '#000000', version: 2 })
      expect(results[3]?.list).toStrictEqual(results[2]?.list)
      expect(results[5]?.task).toMatchObject({ list_id: null })
      expect((await user.lists()).lists).toMatchObject([{ name: 'b', color: '#1e90ff' }])
    })

    const failures = (id: string): readonly [object, number, string, string][] => [
      [{ op: 'patch_list', id: UNKNOWN, body: {} }, 404, 'NOT_FOUND', 'List not found'],
      [{ op: 'delete_list', id: UNKNOWN }, 404, 'NOT_FOUND', 'List not found'],
      [{ op: 'move_list', id: UNKNOWN, body: { to: 'top' } }, 404, 'NOT_FOUND', 'List not found'],
      [{ op: 'patch', id, body: {} }, 404, 'NOT_FOUND', 'Task not found'],
      [
        { op: 'delete_list', id, if_match: '"v9"' },
        412,
        'PRECONDITION_FAILED',
        'The list has changed since you read it',
      ],
      [
        { op: 'move_list', id, body: { before: id } },
        422,
        'VALIDATION_ERROR',
        'before: must be the id of another of your lists',
      ],
      [{ op: 'create_list' }, 422, 'VALIDATION_ERROR', 'body: must be a JSON object'],
      [{ op: 'create_list', body: {} }, 422, 'VALIDATION_ERROR', 'name: is required'],
      [{ op: 'patch_list', body: {} }, 422, 'VALIDATION_ERROR', `id: ${NO_ID}`],
      [{ op: 'patch_list', id: 'x', body: {} }, 422, 'VALIDATION_ERROR', `id: ${NO_ID}`],
      [{ op: 'restore_list', id }, 422, 'VALIDATION_ERROR', OP],
      [
        { op: 'patch_list', id, if_match: 'v1', body: {} },
        422,
        'VALIDATION_ERROR',
        'if_match: must be * or entity tags such as "v7"',
      ],
    ]
    const KINDS = failures('').map((_, kind) => kind)

    test.each(KINDS)('goes on after an operation that fails (failure %d)', async (kind) => {
      const user = await newUser()
      const { id } = await user.createList('a')
      const [operation, status, error, problem] = failures(id)[kind] ?? []
      const results = await user.batch([NEW_LIST, operation, NEW_TASK])
      expect(results.map((result) => result.status)).toStrictEqual([201, Number(status), 201])
      const details = status === 422 ? { details: [problem] } : { message: problem }
      expect(results[1]?.error).toMatchObject({ error, ...details })
      expect((await user.lists()).lists.map(({ name }) => name)).toStrictEqual(['a', 'new'])
    })

    test.each(KINDS)('changes nothing if it is atomic (failure %d)', async (kind) => {
      const user = await newUser()
      const { id } = await user.createList('a')
      const before = (await user.ask('GET', '/lists')).headers.get('etag')
      const [operation, status, error, problem] = failures(id)[kind] ?? []
      const body = { atomic: true, operations: [NEW_LIST, NEW_TASK, operation] }
      const response = await user.ask('POST', '/tasks/batch', body)
      expect(response.status).toBe(Number(status))
      expect(await readError(response)).toMatchObject({
        error: `${error}`,
        details: [`operations[2]: ${problem}`],
      })
      expect((await user.ask('GET', '/lists')).headers.get('etag')).toBe(before)
    })

    test('makes a list with its tasks and their subtasks', async () => {
      const user = await newUser()
      const results = await user.batch(
        [
          { op: 'create_list', body: { name: 'Move house' } },
          { op: 'create', body: { text: 'pack', list_id: '$0', due: '2027-02-27' } },
          { op: 'create', body: { text: 'boxes', parent_id: '$1' } },
          { op: 'create', body: { text: 'tape', parent_id: '$1', list_id: '$0' } },
          { op: 'create', body: { text: 'van', list_id: '$0' } },
          { op: 'create', body: { text: 'elsewhere' } },
        ],
        true,
      )
      expect(results.map(({ status }) => status)).toStrictEqual(Array(6).fill(201))
      const [list, pack] = [`${results[0]?.list?.id}`, `${results[1]?.task?.id}`]
      for (const { task } of results.slice(1))
        expect(Object.keys(Object(task))).toStrictEqual(TASK_MEMBERS)
      const { tasks } = await user.tasks(`?list=${list}&sort=created_at`)
      expect(tasks.map(({ text, parent_id }) => [text, parent_id])).toStrictEqual([
        ['pack', null],
        ['boxes', pack],
        ['tape', pack],
        ['van', null],
      ])
      expect((await user.lists()).lists).toMatchObject([{ id: list, open: 4 }])
    })

    test('takes a reference in place of every id', async () => {
      const user = await newUser()
      const ownTask = await user.create({ text: 'own' })
      const ownList = await user.createList('own')
      const results = await user.batch(
        [
          NEW_LIST,
          NEW_TASK,
          { op: 'patch_list', id: '$0', body: { name: 'renamed' }, if_match: '"v1"' },
          { op: 'move_list', id: ownList.id, body: { after: '$0' } },
          { op: 'move_list', id: ownList.id, body: { before: '$0' } },
          { op: 'move_list', id: '$0', body: { to: 'top' } },
          { op: 'patch', id: '$1', body: { list_id: '$0' }, if_match: '"v1"' },
          { op: 'patch', id: ownTask.id, body: { list_id: '$0', parent_id: '$1' } },
          { op: 'move', id: ownTask.id, body: { before: '$1' } },
          { op: 'move', id: '$1', body: { before: ownTask.id } },
          { op: 'move', id: ownTask.id, body: { after: '$1' } },
          { op: 'delete', id: '$1' },
          { op: 'restore', id: '$1' },
          NEW_LIST,
          { op: 'delete_list', id: '$13' },
        ],
        true,
      )
      expect(results.map(({ status }) => status)).toStrictEqual([
        ...[201, 201, ...Array(9).fill(200), 204, 200, 201, 204],
      ])
      const [list, task] = [`${results[0]?.list?.id}`, `${results[1]?.task?.id}`]
      expect((await user.lists()).lists.map(({ name }) => name)).toStrictEqual(['renamed', 'own'])
      expect(await user.get(ownTask.id)).toMatchObject({ list_id: list, parent_id: task })
      expect(await user.texts('?sort=order')).toStrictEqual(['new', 'own'])
    })

    test.each<[string, object, string[]]>([
      [
        'itself',
        { op: 'create', body: { text: 'x', parent_id: '$3' } },
        [noTask('parent_id', '$3')],
      ],
      [
        'a later operation',
        { op: 'create', body: { text: 'x', list_id: '$4' } },
        [noList('list_id', '$4')],
      ],
      [
        'an operation that does not exist',
        { op: 'patch', id: '$99', body: {} },
        [noTask('id', '$99')],
      ],
      ['an operation that is no create', { op: 'delete', id: '$0' }, [noTask('id', '$0')]],
      ['a list as a task', { op: 'delete', id: '$1' }, [noTask('id', '$1')]],
      [
        'a list as a parent',
        { op: 'create', body: { text: 'x', parent_id: '$1' } },
        [noTask('parent_id', '$1')],
      ],
      ['a task as a list', { op: 'delete_list', id: '$2' }, [noList('id', '$2')]],
      [
        'a task as the list of another',
        { op: 'create', body: { text: 'x', list_id: '$2' } },
        [noList('list_id', '$2')],
      ],
      [
        'a task as the neighbour of a list',
        { op: 'move_list', id: '$1', body: { before: '$2' } },
        [noList('before', '$2')],
      ],
      [
        'a list as the neighbour of a task',
        { op: 'move', id: '$2', body: { after: '$1' } },
        [noTask('after', '$1')],
      ],
      [
        'two that are wrong, beside another member',
        { op: 'patch', id: '$50', body: { priority: 'top', list_id: '$51' } },
        [
          noList('list_id', '$51'),
          noTask('id', '$50'),
          'priority: must be one of none, low, medium, high',
        ],
      ],
    ])('returns 422 for a reference to %s', async (_, operation, problems) => {
      const user = await newUser()
      const { id } = await user.create({ text: 'own' })
      const operations = [
        { op: 'patch', id, body: { completed: true } },
        NEW_LIST,
        NEW_TASK,
        operation,
        NEW_LIST,
      ]
      const atomic = { atomic: true, operations }
      expect(await user.problems('POST', '/tasks/batch', atomic)).toStrictEqual(
        problems.map((problem) => `operations[3]: ${problem}`),
      )
      const results = await user.batch(operations)
      expect(results.map(({ status }) => status)).toStrictEqual([200, 201, 201, 422, 201])
      expect(results[3]?.error?.details).toStrictEqual(problems)
      expect(await user.texts()).toStrictEqual(['new', 'own'])
    })

    test.each(['$', '$x', '$-1', '$00', '$100', '$1.0', '$ 0', '0', '$0 ', 0])(
      'takes %j for an id that is wrong, not for a reference',
      async (id) => {
        const user = await newUser()
        const results = await user.batch([
          NEW_LIST,
          { op: 'patch_list', id, body: {} },
          { op: 'create', body: { text: 'x', list_id: id } },
        ])
        expect(results.map(({ error }) => error?.details)).toStrictEqual([
          undefined,
          [typeof id === 'string' ? `id: ${NO_ID}` : 'id: must be a string'],
          ['list_id: must be the id of one of your lists'],
        ])
      },
    )

    test.each([
      ['a list that is wrong', FAILING_LIST, 'list'],
      ['a task in an unknown list', FAILING_TASK, 'task'],
    ])('fails what refers to %s, and nothing else', async (_, failing, kind) => {
      const user = await newUser()
      const member = kind === 'list' ? 'list_id' : 'parent_id'
      const results = await user.batch([
        failing,
        { op: 'create', body: { text: 'child', [member]: '$0' } },
        { op: 'create', body: { text: 'grandchild', parent_id: '$1' } },
        kind === 'list' ? { op: 'delete_list', id: '$0' } : { op: 'delete', id: '$0' },
        { op: 'create', body: { text: 'other' } },
      ])
      expect(results.map(({ status }) => status)).toStrictEqual([422, 422, 422, 422, 201])
      expect(results[1]?.error?.details?.[0]).toStartWith(`${member}: `)
      expect(results[3]?.error?.details?.[0]).toStartWith('id: ')
      expect(await user.texts()).toStrictEqual(['other'])
      expect((await user.lists()).count).toBe(0)
    })

    test('does not resolve references outside of a batch', async () => {
      const user = await newUser()
      const { id } = await user.create()
      expect(await user.problems('POST', '/tasks', { text: 'x', list_id: '$0' })).toStrictEqual([
        'list_id: must be the id of one of your lists',
      ])
      expect(await user.problems('PATCH', `/tasks/${id}`, { parent_id: '$0' })).toStrictEqual([
        'parent_id: must be the id of another of your tasks',
      ])
      expect(await user.problems('PATCH', '/lists/$0', {})).toStrictEqual([`id: ${NO_ID}`])
    })

    test('keeps a text that looks like a reference', async () => {
      const user = await newUser()
      const body = { text: '$0', description: '$0', tags: ['$0'] }
      const results = await user.batch([NEW_LIST, { op: 'create', body }], true)
      expect(results[1]?.task).toMatchObject(body)
    })

    test('returns the same list and tasks when it is retried with its key', async () => {
      const user = await newUser()
      const operations = [NEW_LIST, { op: 'create', body: { text: 'x', list_id: '$0' } }]
      const key = { 'idempotency-key': 'k' }
      const first = await user.batch(operations, true, key)
      expect(await user.batch(operations, true, key)).toStrictEqual(first)
      expect([(await user.lists()).count, (await user.tasks()).count]).toStrictEqual([1, 1])
      const other = { atomic: true, operations: [NEW_LIST] }
      expect(await user.problems('POST', '/tasks/batch', other, key)).toStrictEqual([
        'Idempotency-Key: was already used for a different request',
      ])
    })

    test('fails only the task that is added to a list that it has deleted', async () => {
      const user = await newUser()
      const { id } = await user.createList()
      const results = await user.batch([
        { op: 'create', body: { text: 'a', list_id: id } },
        { op: 'delete_list', id },
        { op: 'create', body: { text: 'b', list_id: id } },
        { op: 'create', body: { text: 'c' } },
      ])
      expect(results.map(({ status }) => status)).toStrictEqual([201, 204, 422, 201])
      expect(await user.texts()).toStrictEqual(['c'])
      expect(await user.texts('?deleted=only')).toStrictEqual(['a'])
    })
  })
}
