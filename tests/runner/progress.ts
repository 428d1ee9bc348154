/** What a test file or a static check came to. */
export interface Result {
  readonly passed: number
  readonly failed: number
  /** Printed if something failed. */
  readonly details?: string
  /** Printed in any case. */
  readonly note?: string
}

export interface Screen {
  /** Whether a line can be rewritten. */
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

export interface Progress {
  /** Shows that a task runs, until the function that it returns prints its result. */
  start(name: string): (result: Result) => void
  end(lastLine: string): void
}

/** Prints a line for each result; on a terminal, also what runs now, in a line that is rewritten. */
export function createProgress(screen: Screen, total: number): Progress {
  const running = new Map<string, number>()
  let done = 0

  function print(line: string): void {
    screen.write(screen.isTTY ? `${CLEAR_LINE}${line}\n` : `${line}\n`)
  }

  function showStatus(): void {
    if (!screen.isTTY) return
    const now = performance.now()
    const names = Array.from(
      running,
      ([name, since]) => `${name} (${Math.floor((now - since) / 1000)} s)`,
    )
    const status = `${done} of ${total} done; running: ${names.join(', ')}`
    screen.write(`${CLEAR_LINE}${status.slice(0, (screen.columns || 80) - 1)}`)
  }

  const timer = screen.isTTY ? setInterval(showStatus, 1000) : undefined

  return {
    start(name) {
      const start = performance.now()
      running.set(name, start)
      showStatus()
      return ({ passed, failed, details = '', note = '' }) => {
        running.delete(name)
        done++
        const count =
          failed === 0 ? `✓ ${name}: ${passed}` : `✗ ${name}: ${failed} failed, ${passed}`
        const time = seconds(performance.now() - start)
        const text = failed === 0 ? note : `${note}${details}`
        print(`${count} passed (${time})\n${text}`.trimEnd())
        showStatus()
      }
    },
    end(lastLine) {
      clearInterval(timer)
      print(lastLine)
    },
  }
}

const CLEAR_LINE = '\r\x1b[K'

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
