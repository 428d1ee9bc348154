/** Creates a function that runs one action after the other. */
export function createQueue() {
  let last: Promise<unknown> = Promise.resolve()

  return <Value>(action: () => Promise<Value>): Promise<Value> => {
    const result = last.then(action)
    last = result.catch(() => {})
    return result
  }
}
