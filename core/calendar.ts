export function isDue(text: string): boolean {
  return text !== ''
}
export function isTimeZone(name: string): boolean {
  return name !== ''
}
export function hasTime(due: string): boolean {
  return due.includes('T')
}
export function dayIn(now: string, _timeZone: string | null): string {
  return now.slice(0, 10)
}
