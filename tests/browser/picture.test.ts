import { expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { openPage } from '../support/browser.ts'
import { temporaryDirectory } from '../support/process.ts'

setDefaultTimeout(30_000)

const ROOT = join(import.meta.dir, '..', '..')
const PICTURE = join(ROOT, 'docs', 'images', 'assistant.png')

type Data = Record<string, unknown>

// In the future, so that the next date is a week later, and not after today.
const today = Temporal.Now.plainDateISO()
const monday = today.add({ days: 8 - today.dayOfWeek })
const [MONDAY, FRIDAY, NEXT_MONDAY] = [0, 4, 7].map((days) => monday.add({ days }).toString())

/** What a user says, and what an assistant calls then. The results in the picture are real. */
const CONVERSATION: readonly [says: string, calls: readonly [tool: string, args: Data][]][] = [
  [
    'Remind me to water the plants every Monday and call the dentist on Friday.',
    [
      [
        'add_task',
        {
          text: 'Water the plants',
          due: MONDAY,
          recurrence: { rule: 'FREQ=WEEKLY;BYDAY=MO' },
        },
      ],
      ['add_task', { text: 'Call the dentist', due: FRIDAY, priority: 'high' }],
    ],
  ],
  ['I have watered the plants.', [['complete_task', { task: 'water plants' }]]],
  ['What do I have to do?', [['list_tasks', { completed: false, sort: 'due' }]]],
]

test('the picture of a conversation shows what the tools return', async () => {
  await using directory = await temporaryDirectory()
  const client = new Client({ name: 'picture', version: '1.0.0' })
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: ['--no-env-file', join(ROOT, 'app', 'main.ts'), 'mcp'],
      cwd: directory.path,
      env: { PATH: `${process.env['PATH']}` },
      stderr: 'ignore',
    }),
  )
  let html = ''
  for (const [says, calls] of CONVERSATION) {
    html += `<p class="says">${Bun.escapeHTML(says)}</p>`
    for (const [name, args] of calls) {
      const result = await client.callTool({ name, arguments: args })
      html += callHtml(name, args, Object(result.structuredContent))
    }
  }
  await client.close()

  const opened = await openPage({ viewport: { width: 640, height: 100 }, deviceScaleFactor: 1.5 })
  const { page } = opened
  await page.setContent(`<style>${STYLE}</style><main>${html}</main>`)
  expect(await page.locator('code').allTextContents()).toEqual([
    `{"text":"Water the plants","due":"${MONDAY}","recurrence":{"rule":"FREQ=WEEKLY;BYDAY=MO"}}`,
    `{"text":"Call the dentist","due":"${FRIDAY}","priority":"high"}`,
    '{"task":"water plants"}',
    '{"completed":false,"sort":"due"}',
  ])
  expect(await page.locator('.result p').allTextContents()).toEqual([
    `Water the plants${MONDAY}every week`,
    `Call the dentist${FRIDAY}high`,
    `Water the plants${MONDAY}`,
    `next: ${NEXT_MONDAY}`,
    `Call the dentist${FRIDAY}high`,
    `Water the plants${NEXT_MONDAY}every week`,
    'open: 2, completed: 1',
  ])
  // `bun run picture` takes it again.
  if (process.env['UPDATE_PICTURE']) await page.locator('main').screenshot({ path: PICTURE })
  await opened.close()
  expect(opened.errors).toEqual([])
})

/** A call with its result, of which the picture shows the most important members. */
function callHtml(name: string, args: Data, result: Data): string {
  const { task, tasks, next, open, completed } = result
  const list = [task ?? tasks]
    .flat()
    .map((item) => taskHtml(Object(item)))
    .join('')
  const more = next
    ? `next: ${Object(next).due}`
    : tasks
      ? `open: ${open}, completed: ${completed}`
      : ''
  return `<section>
    <p class="call"><b>${name}</b> <code>${Bun.escapeHTML(JSON.stringify(args))}</code></p>
    <div class="result">${list}${more && `<p>${more}</p>`}</div>
  </section>`.replace(/>\s+</g, '><')
}

function taskHtml({ text, due, completed, priority, recurrence }: Data): string {
  const marks = [due, recurrence && 'every week', priority !== 'none' && priority].filter(Boolean)
  const tags = marks.map((mark) => `<small>${Bun.escapeHTML(`${mark}`)}</small>`).join('')
  return `<p class="${completed ? 'done' : 'open'}"><i></i><span>${Bun.escapeHTML(`${text}`)}</span>${tags}</p>`
}

const STYLE = `
  body { margin: 0; background: #fff; font: 15px/1.5 system-ui, sans-serif; color: #1c1c28; }
  main { width: 640px; box-sizing: border-box; padding: 20px; background: #f4f4f8; }
  p { margin: 0; }
  .says { width: fit-content; max-width: 96%; margin: 16px 0 12px auto; padding: 8px 14px;
    border-radius: 16px 16px 4px 16px; background: #4f46e5; color: #fff; }
  .says:first-child { margin-top: 0; }
  section { margin: 8px 0; width: 92%; box-sizing: border-box; border: 1px solid #e3e3ec; border-radius: 12px;
    background: #fff; overflow: hidden; }
  .call { padding: 7px 14px; border-bottom: 1px solid #e3e3ec; background: #fafaff; font-size: 13px; }
  .call b { margin-right: 8px; color: #4f46e5; }
  code { font: inherit; color: #62627a; overflow-wrap: anywhere; }
  .result { padding: 8px 14px; }
  .result p { display: flex; align-items: center; gap: 8px; padding: 2px 0; color: #62627a; font-size: 13px; }
  .result span { font-size: 15px; color: #1c1c28; }
  i { width: 14px; height: 14px; border: 2px solid #8b8b9e; border-radius: 50%; }
  .done i { border-color: #4f46e5; background: #4f46e5; }
  .done span { color: #62627a; text-decoration: line-through; }
  small { padding: 1px 8px; border-radius: 9px; background: #f1f0fe; color: #4f46e5; font-size: 12px; }
`
