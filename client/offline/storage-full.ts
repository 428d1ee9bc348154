/** The storage has no room left. What it was asked to store is not stored. */
export class StorageFullError extends Error {
  override readonly name = 'StorageFullError'

  constructor(cause: unknown) {
    super('The storage of this device is full', { cause })
  }
}
