const ACCEPTABLE = /^[A-Za-z0-9._-]{1,128}$/

/** The id of a request: the one it brings where that is safe to log and to echo, else a new one. */
export function createRequestId(newId: () => string): (request: Request) => string {
  return (request) => {
    const inbound = request.headers.get('x-request-id')
    return inbound !== null && ACCEPTABLE.test(inbound) ? inbound : newId()
  }
}
