import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readXml, type XmlElement } from '#xml/read.js'

/** Whether golden files are written anew instead of compared (`npm run bless`). */
const isBlessing = process.env.ARPENT_BLESS === '1'

/** Both sides of a comparison with the document `fixtures/expected/{name}`, in canonical form. */
export function goldenXml(name: string, actual: string): { readonly found: string; readonly wanted: string } {
  const file = join('fixtures/expected', name)
  if (isBlessing) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, indented(actual))
  }
  return { found: canonicalXml(actual), wanted: canonicalXml(readFileSync(file, 'utf8')) }
}

/** A line for each element, namespaces resolved, attributes in order: documents that an XML reader cannot tell apart become the same text. */
export function canonicalXml(document: string): string {
  const docType = /<!DOCTYPE[^>]*>/.exec(document)?.[0] ?? ''
  return [docType, ...lines(readXml(document.replace(docType, ''), { bytes: 1e8, nodes: 1e7 }), '', '')].join('\n')
}

function lines({ name, namespace, attributes, content }: XmlElement, inherited: string, indent: string): string[] {
  const values = attributes.map(({ namespace, name, value }) => ` ${namespace && `{${namespace}}`}${name}=${JSON.stringify(value)}`)
  const head = `${indent}${namespace === inherited ? '' : `{${namespace}}`}${name}${values.sort().join('')}`
  const parts = content.filter(item => typeof item !== 'string' || item.trim() !== '')
  return [
    head,
    ...parts.flatMap(part => (typeof part === 'string' ? [`${indent}  ${JSON.stringify(part)}`] : lines(part, namespace, `${indent}  `))),
  ]
}

/** The document with a line for each tag, for people. Only where tags touch: text stays as it is. */
function indented(document: string): string {
  let depth = 0
  return document.replace(/(?:\/|<\/[^>]*)>(?=<)|>(?=<[^/])/g, '$&\n').replace(/^<(\/?)[^\n]*$/gm, (line, close: string) => {
    const opens = !close && !/^<[?!]|\/>$|<\/[^>]*>$/.test(line)
    if (close) depth -= 1
    const text = `${'  '.repeat(depth)}${line}`
    if (opens) depth += 1
    return text
  })
}
