import { EXAMPLE_CHANGED_AT, EXAMPLE_OTHER_LIST, exampleList } from '../docs/examples.ts'
import {
  idempotencyKey,
  ifMatch,
  ifNoneMatch,
  replayed,
  versionHeader,
} from '../docs/parameters.ts'
import {
  emptyResponse,
  errorResponses,
  header,
  idOf,
  invalidExample,
  jsonBody,
  jsonResponse,
  listErrors,
  rateLimitHeaders,
} from '../docs/responses.ts'

const shared = { tags: ['Lists'], security: [{ bearer: [] }] }
const always = ['UNAUTHORIZED', 'RATE_LIMITED', 'INTERNAL_ERROR', 'SERVICE_UNAVAILABLE'] as const
const onWrites = [...always, 'FORBIDDEN'] as const
const bodyErrors = ['BAD_REQUEST', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const

const id = idOf('list')
const tag = versionHeader('list')
const allTag = {
  ETag: header('Changes whenever any of your lists or tasks changes.', '"ls5c1d2e3f.42"'),
}

const changed = { ...exampleList, version: 2, updated_at: EXAMPLE_CHANGED_AT }

/** The response with a changed list. */
function changedList(example: unknown) {
  const headers = { ...rateLimitHeaders, ETag: { ...tag.ETag, example: '"v2"' } }
  return jsonResponse('The list after the change.', 'List', example, headers)
}

const notModified = (headers: typeof tag) =>
  emptyResponse('Nothing has changed since the response with this `ETag`.', headers)

const changeErrors = {
  ...errorResponses(...onWrites, 'PRECONDITION_REQUIRED'),
  ...listErrors.NOT_FOUND,
  ...listErrors.PRECONDITION_FAILED,
}

const invalidId = invalidExample('id: must be a UUID, written as 8-4-4-4-12 hexadecimal digits')

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
      ...errorResponses(...always),
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
      201: jsonResponse('The new list.', 'List', exampleList, {
        ...rateLimitHeaders,
        ...tag,
        ...replayed,
        Location: header('The URL of the new list.', `/lists/${exampleList.id}`),
      }),
      ...errorResponses(...onWrites, ...bodyErrors),
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
      200: jsonResponse('The list.', 'List', exampleList, { ...rateLimitHeaders, ...tag }),
      304: notModified(tag),
      ...errorResponses(...always),
      ...listErrors.NOT_FOUND,
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
      200: changedList({ ...changed, name: 'Supermarket' }),
      ...errorResponses(...bodyErrors),
      ...changeErrors,
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
      ...changeErrors,
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
      200: changedList({ ...changed, order: -1024 }),
      ...errorResponses(...bodyErrors),
      ...changeErrors,
      ...invalidExample('before: must be the id of another of your lists'),
    },
  },
}
