import { readXml, type XmlElement } from '#xml/read.js'

/**
 * Values at a path such as `//Layer[Name=routes]/Style/Name`, `/ServiceExceptionReport/@version` or `//featureMember/*`: local names, `*`
 * for any, `//` for at any depth, `[Child=text]` and `[@attribute=text]`, and `@attribute` at the end. The value of an element is its
 * text, trimmed.
 */
export function xmlValues(document: string, path: string): string[] {
  const root: XmlElement = {
    name: '',
    namespace: '',
    prefix: '',
    line: 1,
    attributes: [],
    content: [readXml(document.replace(/<!DOCTYPE[^>]*>/, ''), { bytes: 1e8, nodes: 1e7 })],
  }
  const steps = path.match(/\/{1,2}(?:@?[\w*.:-]+)(?:\[[^\]]*\])?/g) ?? []
  if (steps.join('') !== path) throw new Error(`${path} is not a path`)
  let found: XmlElement[] = [root]
  for (const [i, step] of steps.entries()) {
    const [, slashes, name, test] = /^(\/{1,2})([^[]+)(?:\[(.*)\])?$/.exec(step)!
    if (name.startsWith('@')) {
      if (i < steps.length - 1) throw new Error(`${path}: nothing comes after an attribute`)
      const holders = slashes === '//' ? found.flatMap(withDescendants) : found
      return holders.flatMap(({ attributes }) => attributes.filter(attribute => attribute.name === name.slice(1)).map(({ value }) => value))
    }
    const candidates = slashes === '//' ? found.flatMap(descendants) : found.flatMap(children)
    found = candidates.filter(element => (name === '*' || element.name === name) && passes(element, test))
  }
  return found.map(textOf)
}

const children = ({ content }: XmlElement) => content.filter(item => typeof item !== 'string')
const withDescendants = (element: XmlElement): XmlElement[] => [element, ...descendants(element)]
const descendants = (element: XmlElement): XmlElement[] => children(element).flatMap(withDescendants)
const wholeText = ({ content }: XmlElement): string => content.map(item => (typeof item === 'string' ? item : wholeText(item))).join('')
const textOf = (element: XmlElement): string => wholeText(element).trim()

function passes(element: XmlElement, test: string | undefined): boolean {
  if (test === undefined) return true
  const [name, wanted] = test.split('=')
  if (name.startsWith('@')) return element.attributes.some(attribute => attribute.name === name.slice(1) && attribute.value === wanted)
  return children(element).some(child => child.name === name && textOf(child) === wanted)
}
