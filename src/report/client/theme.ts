import { element } from './element.ts'

const KEY = 'consistency-pde-theme'

/** The choice of dark or light: the system's, until the button is pressed; then it is kept for the next page. */
export function startTheme(tools: HTMLElement): void {
  const root = document.documentElement
  const system = matchMedia('(prefers-color-scheme: dark)')
  const button = element('button', { type: 'button', class: 'theme' })
  const isDark = () => (root.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark'
  const show = () => {
    button.textContent = isDark() ? 'Light' : 'Dark'
    button.setAttribute('aria-label', `Switch to ${isDark() ? 'light' : 'dark'} colours`)
  }
  const kept = recall()
  if (kept === 'dark' || kept === 'light') root.dataset.theme = kept
  button.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark'
    keep(root.dataset.theme)
    show()
  })
  system.addEventListener('change', show)
  show()
  tools.append(button)
}

// a browser may refuse storage to a page from a file
function recall(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}

function keep(theme: string): void {
  try {
    localStorage.setItem(KEY, theme)
  } catch {
    // the choice lasts as long as the page
  }
}
