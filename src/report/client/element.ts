/** A new element with attributes and children; strings become text, never markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...children)
  return made
}

/** What a JSON element of the page holds, null where there is none. */
export function embedded<T>(id: string): T | null {
  const text = document.getElementById(id)?.textContent
  return text ? JSON.parse(text) : null
}
