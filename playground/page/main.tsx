import { render } from 'preact'

const root = document.getElementById('playground')
if (root) render(<h1>Taskport playground</h1>, root)
