import { bundlePage } from './bundle-page.ts' with { type: 'macro' }

/** The script and the style of the page: bundled when this module is loaded, or at build time. */
export const bundle = bundlePage()
