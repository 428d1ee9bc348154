/**
 * The baseline for the memory store: constant responses of the right size. Not an example.
 */
const at = new Date().toISOString()

function taskOf(text: string) {
  return {
    id: crypto.randomUUID(),
    text,
    description: null,
    completed: false,
    due: null,
    time_zone: null,
    priority: 'none',
    tags: [],
    list_id: null,
    parent_id: null,
    recurrence: null,
    successor_id: null,
    order: -1024,
    version: 1,
    created_at: at,
    updated_at: at,
    completed_at: null,
  }
}

function answer(text: string, status: number): () => Response {
  const body = JSON.stringify(taskOf(text))
  return () => new Response(body, { status, headers: { 'content-type': 'application/json' } })
}

// As long as the texts of data.ts and load.lua.
const TEXT = 'bread: Task 10 of user00050001234'
const CHANGED = 'bread: changed 123456'
const list = JSON.stringify({ tasks: Array(20).fill(taskOf(TEXT)), count: 20, next_cursor: null })

Bun.serve({
  hostname: '127.0.0.1',
  port: Number(process.env['PORT']),
  routes: {
    '/tasks': {
      GET: () => new Response(list, { headers: { 'content-type': 'application/json' } }),
      POST: answer(CHANGED, 201),
    },
    '/tasks/:id': { GET: answer(TEXT, 200), PATCH: answer(CHANGED, 200) },
  },
})
