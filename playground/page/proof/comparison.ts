/** What is compared of a task. */
interface Versioned {
  readonly id: string
  readonly version: number
}

/** How the copies of the devices differ from what the service has. */
export interface Comparison {
  readonly tasks: number
  /** Tasks that a device lacks. */
  readonly missing: number
  /** Tasks that only a device has. */
  readonly extra: number
  /** Tasks that a device has in another version. */
  readonly different: number
}

/** Compares the copies of all devices with the tasks of the service. */
export function compareCopies(
  service: readonly Versioned[],
  copies: readonly (readonly Versioned[])[],
): Comparison {
  const versions = new Map(service.map(({ id, version }) => [id, version]))
  const all = copies.flat()
  const known = all.filter(({ id }) => versions.has(id))
  return {
    tasks: service.length,
    missing: service.length * copies.length - known.length,
    extra: all.length - known.length,
    different: known.filter(({ id, version }) => versions.get(id) !== version).length,
  }
}

export function areEqual({ missing, extra, different }: Comparison): boolean {
  return missing + extra + different === 0
}
