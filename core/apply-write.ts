import type { Draft } from './draft.ts'
import { applyListWrite } from './list-writes.ts'
import { applyTaskWrite } from './task-writes.ts'
import type { Write, WriteContext, WriteOutcome } from './writes.ts'

/** Applies one write to a draft. A write that changes nothing leaves the draft unchanged. */
export function applyWrite(draft: Draft, write: Write, context: WriteContext): WriteOutcome {
  switch (write.op) {
    case 'create_list':
    case 'patch_list':
    case 'delete_list':
    case 'move_list':
      return applyListWrite(draft, write, context)
    default:
      return applyTaskWrite(draft, write, context)
  }
}
