/** A file of SQL, imported `with { type: 'text' }`. */
declare module '*.sql' {
  const sql: string
  export default sql
}
