/** The address of the service: that of the page, without its last slash. */
export function serviceUrl(): string {
  return new URL('.', location.href).href.replace(/\/$/, '')
}
