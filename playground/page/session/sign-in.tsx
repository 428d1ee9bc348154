import { Logo } from '../parts/logo.tsx'

/** What a browser sees that is not signed in. */
export function SignIn({ problem }: { readonly problem: string | null }) {
  return (
    <main class="card sign-in">
      <Logo />
      <h1>One more step</h1>
      <p>
        Open the address that the service printed when it started. It ends with <code>#demo=…</code>{' '}
        and signs this browser in.
      </p>
      <p>
        To print it again, run <code>bun app/main.ts demo</code> in the folder of Taskport.
      </p>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <p>
        <a href="docs">API reference</a>
      </p>
    </main>
  )
}
