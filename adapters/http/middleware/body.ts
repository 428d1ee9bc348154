import { HttpError } from '../errors.ts'
import type { Timeouts } from './timeouts.ts'

const JSON_TYPE = ['application/json']
const MERGE_PATCH_TYPES = ['application/json', 'application/merge-patch+json']

interface Context {
  readonly request: Request
  body: unknown
}

/**
 * Reads a JSON body (RFC 8259). Checks the headers before it reads a byte, and never buffers more than
 * `maxBytes`.
 */
export function createBodyReader(maxBytes: number, timeouts: Timeouts) {
  return async (context: Context): Promise<void> => {
    const { request } = context
    const announced = Number(request.headers.get('content-length') ?? Number.NaN)
    if (announced > maxBytes) throw tooLarge(maxBytes)
    // The server enforces an announced length, so only a body without one has to be counted. Making
    // the stream takes longer than everything else here, so it is avoided.
    const stream = Number.isNaN(announced) ? request.body : undefined
    if (stream === null || announced === 0) throw badRequest('The body is empty')
    checkType(request)
    timeouts.beforeUpload(request)
    const bytes = stream ? await readAtMost(stream, maxBytes) : await readAnnounced(request)
    timeouts.beforeHandler(request)
    await expectConnected(context)
    if (bytes.length === 0) throw badRequest('The body is empty')
    context.body = parse(bytes)
  }
}

/**
 * Lets the server parse everything that it has received, and fails if that closed the connection. Bun
 * answers 400 if a request is followed by anything but another request, such as the line break that some
 * old clients send after a body. What is answered like this must not be done.
 */
async function expectConnected({ request }: { readonly request: Request }): Promise<void> {
  await new Promise(setImmediate)
  if (request.signal.aborted) throw badRequest('The connection was closed')
}

/** Options of a route that changes something and takes no body. */
export const withoutBody = { transform: expectConnected } as const

function checkType({ method, headers }: Request): void {
  const accepted = method === 'PATCH' ? MERGE_PATCH_TYPES : JSON_TYPE
  const type = headers.get('content-type') ?? ''
  const end = type.indexOf(';')
  const essence = (end === -1 ? type : type.slice(0, end)).trim().toLowerCase()
  if (!accepted.includes(essence) || headers.has('content-encoding'))
    throw new HttpError(
      'UNSUPPORTED_MEDIA_TYPE',
      `Send the body as ${accepted.join(' or ')}, without Content-Encoding`,
    )
}

async function readAnnounced(request: Request): Promise<Uint8Array> {
  try {
    return await request.bytes()
  } catch {
    throw interrupted()
  }
}

async function readAtMost(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of body) {
      length += chunk.length
      // Leaving the loop also cancels the stream.
      if (length > maxBytes) break
      chunks.push(chunk)
    }
  } catch {
    throw interrupted()
  }
  if (length > maxBytes) throw tooLarge(maxBytes)
  return Buffer.concat(chunks, length)
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes))
  } catch {
    throw badRequest('The body is not valid JSON in UTF-8')
  }
}

// The client disconnected. It will not see the response, but the log should not report a server error.
function interrupted(): HttpError {
  return badRequest('The body ended early')
}

function badRequest(message: string): HttpError {
  return new HttpError('BAD_REQUEST', message)
}

function tooLarge(maxBytes: number): HttpError {
  return new HttpError('PAYLOAD_TOO_LARGE', `The body is larger than ${maxBytes} bytes`)
}
