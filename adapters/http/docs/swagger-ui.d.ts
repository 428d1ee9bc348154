/** Imported `with { type: 'file' }`, each asset of Swagger UI is a path, in the compiled program too. */
declare module 'swagger-ui-dist/swagger-ui-bundle.js' {
  const path: string
  export default path
}
declare module 'swagger-ui-dist/swagger-ui.css' {
  const path: string
  export default path
}
