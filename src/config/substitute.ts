export type Variables = Readonly<Record<string, string | undefined>>

/**
 * `text` with `${NAME}` replaced by the variable of that name; `$${` stands for `${` itself. `missing` lists variables that are not set or
 * empty. `isWhole` tells whether the text was one variable and nothing else. What a variable holds is not looked into again.
 */
export function substitute(text: string, variables: Variables): { text: string; missing: readonly string[]; isWhole: boolean } {
  const missing: string[] = []
  const result = text.replace(/\$(\$\{)|\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, escaped: string | undefined, name: string) => {
    if (escaped) return escaped
    const value = variables[name]
    if (value === undefined || value === '') missing.push(name)
    return value ?? ''
  })
  return { text: result, missing, isWhole: /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/.test(text) }
}
