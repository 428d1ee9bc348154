import { useEffect } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { useObservable } from '../parts/use-observable.ts'
import { useDevice } from './context.ts'

const SHOWN_MS = 15_000

/** The last message, with a way to undo. What it undoes can also be restored from the trash. */
export function NoticeBar() {
  const { actions } = useDevice()
  const notice = useObservable(actions.notice)
  useEffect(() => {
    if (notice === null) return
    const timer = setTimeout(() => actions.notice.set(null), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [notice])
  return (
    <div class="notice" role="status">
      {notice && (
        <>
          <span>{notice.text}</span>
          {notice.undo && (
            <button type="button" class="undo" onClick={notice.undo}>
              Undo
            </button>
          )}
          <button
            type="button"
            class="only-icon"
            aria-label="Dismiss"
            onClick={() => actions.notice.set(null)}
          >
            <Icon name="close" />
          </button>
        </>
      )}
    </div>
  )
}
