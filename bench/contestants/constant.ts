/**
 * The baseline for the memory store: constant responses of the right size. Not an example.
 */
const at = new Date().toISOString()
const times = { created_at: at, updated_at: at, completed_at: null }

function answer(text: string, status: number): () => Response {
  const body = JSON.stringify({ id: crypto.randomUUID(), text, completed: false, ...times })
  return () => new Response(body, { status, headers: { 'content-type': 'application/json' } })
}

// As long as the texts in data.ts.
const TEXT = 'Task 10 of user-500-01234567'
const task = { id: crypto.randomUUID(), text: TEXT, completed: false, ...times }
const list = JSON.stringify({ tasks: Array(20).fill(task), count: 20 })

Bun.serve({
  hostname: '127.0.0.1',
  port: Number(process.env['PORT']),
  routes: {
    '/tasks': {
      GET: () => new Response(list, { headers: { 'content-type': 'application/json' } }),
      POST: answer('Buy milk', 201),
    },
    '/tasks/:id': { GET: answer(TEXT, 200), PATCH: answer('changed 123456', 200) },
  },
})
