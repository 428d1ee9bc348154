/** A worker process ended before it served. Its log says why. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError'
}
