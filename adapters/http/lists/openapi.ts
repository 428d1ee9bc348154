import {
  ALWAYS,
  errorsFor,
  invalidExample,
  invalidId,
  ON_BODIES,
  ON_CHANGES,
  ON_WRITES,
} from '../docs/error-responses.ts'
import { EXAMPLE_CHANGED_AT, EXAMPLE_OTHER_LIST, exampleList } from '../docs/examples.ts'
import { idempotencyKey, idOf, ifMatch, ifNoneMatch } from '../docs/parameters.ts'
import {
  changedItem,
  createdItem,
  emptyResponse,
  foundItem,
  header,
  jsonBody,
  jsonResponse,
  notModified,
  rateLimitHeaders,
} from '../docs/responses.ts'

const shared = { tags: ['Lists'], security: [{ bearer: [] }] }
const errors = errorsFor('list')
const id = idOf('list')
const allTag = {
  ETag: header('Changes whenever any of your lists or tasks changes.', '"ls5c1d2e3f.42"'),
}

const changed = { ...exampleList, version: 2, updated_at: EXAMPLE_CHANGED_AT }

/** The OpenAPI descriptions of the routes of lists. */
export const listOperations = {
  listLists: {
    ...shared,
    operationId: 'listLists',
    summary: 'List your lists',
    description:
      'Returns all of your lists in their order, each with the number of its open tasks (`open`). Tasks in the inbox are in no list.',
    parameters: [ifNoneMatch],
    responses: {
      200: jsonResponse(
        'The lists.',
        'ListOfLists',
        { lists: [{ ...exampleList, open: 3 }], count: 1 },
        { ...rateLimitHeaders, ...allTag },
      ),
      304: notModified(allTag),
      ...errors(...ALWAYS),
    },
  },
  createList: {
    ...shared,
    operationId: 'createList',
    summary: 'Create a list',
    description:
      'Creates a list after the others. You can have up to 500 lists. Other members than `name` and `color` are ignored.',
    parameters: [idempotencyKey],
    requestBody: jsonBody('ListCreate', {
      plain: ['A list', { name: 'Groceries' }],
      colored: ['A list with a color', { name: 'Groceries', color: '#1e90ff' }],
    }),
    responses: {
      201: createdItem('list', exampleList),
      ...errors(...ON_WRITES, ...ON_BODIES),
      ...invalidExample('name: is required'),
    },
  },
  getList: {
    ...shared,
    operationId: 'getList',
    summary: 'Get a list',
    description: 'Returns one list. To get its tasks, use `GET /tasks?list=` with its id.',
    parameters: [id, ifNoneMatch],
    responses: {
      ...foundItem('list', exampleList),
      ...errors(...ALWAYS, 'NOT_FOUND'),
      ...invalidId,
    },
  },
  patchList: {
    ...shared,
    operationId: 'patchList',
    summary: 'Change a list',
    description: 'Sets the members that are present and keeps the others. `{}` changes nothing.',
    parameters: [id, ifMatch],
    requestBody: jsonBody(
      'ListPatch',
      {
        rename: ['Rename the list', { name: 'Supermarket' }],
        removeColor: ['Remove the color', { color: null }],
      },
      'application/merge-patch+json',
    ),
    responses: {
      200: changedItem('list', { ...changed, name: 'Supermarket' }),
      ...errors(...ON_WRITES, ...ON_BODIES, ...ON_CHANGES),
      ...invalidExample('color: must be a color such as #1e90ff, or null'),
    },
  },
  deleteList: {
    ...shared,
    operationId: 'deleteList',
    summary: 'Delete a list',
    description:
      'Deletes the list permanently, and moves its tasks to the trash. A task that is restored from there is in the inbox.',
    parameters: [id, ifMatch],
    responses: {
      204: emptyResponse('The list was deleted.'),
      ...errors(...ON_WRITES, ...ON_CHANGES),
      ...invalidId,
    },
  },
  moveList: {
    ...shared,
    operationId: 'moveList',
    summary: 'Move a list',
    description:
      'Moves the list before or after another of your lists, or to the top or the bottom.',
    parameters: [id, ifMatch],
    requestBody: jsonBody('ListMove', {
      top: ['To the top', { to: 'top' }],
      before: ['Before another list', { before: EXAMPLE_OTHER_LIST }],
    }),
    responses: {
      200: changedItem('list', { ...changed, order: -1024 }),
      ...errors(...ON_WRITES, ...ON_BODIES, ...ON_CHANGES),
      ...invalidExample('before: must be the id of another of your lists'),
    },
  },
}
