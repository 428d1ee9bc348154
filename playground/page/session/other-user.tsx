import { useState } from 'preact/hooks'
import type { TaskportClient } from '../../../client/taskport.ts'
import { TaskportError } from '../../../client/taskport.ts'
import { messageOf } from '../messages.ts'

/** A task of another user. */
export interface ForeignTask {
  readonly id: string
  readonly text: string
  readonly owner: string
}

/** Asks for a task of another user, to show that it does not exist for this one. */
export function OtherUser(props: {
  readonly name: string
  readonly foreign: ForeignTask
  readonly client: TaskportClient
}) {
  const { name, foreign, client } = props
  const [answer, setAnswer] = useState('')

  async function ask(): Promise<void> {
    try {
      await client.getTask(foreign.id)
      setAnswer('The service has sent it, which must never happen.')
    } catch (error) {
      const isHidden = error instanceof TaskportError && error.status === 404
      setAnswer(isHidden ? `404: for ${name} it does not exist. See the wire.` : messageOf(error))
    }
  }

  return (
    <p class="other-user">
      <span>
        You are {name} now. {foreign.owner} has a task “{foreign.text}”.
      </span>
      <button type="button" class="secondary" onClick={ask}>
        Ask for it by its id
      </button>
      <span role="status">{answer}</span>
    </p>
  )
}
