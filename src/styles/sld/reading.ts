import { attributeOf, childOf, childrenOf, type XmlAttribute, type XmlElement } from '#xml/read.js'
import { StyleError, type StyleNote } from '../style-error.js'

/**
 * A document while it is read. Elements and attributes are taken, each by who reads it; what nobody took in the end is noted, so nothing can be
 * dropped in silence. Names are local names: files with missing or wrong namespaces are common.
 */
export interface Reading {
  readonly root: XmlElement
  /** Where every element stands; made when the first note wants to know. */
  readonly places: () => ReadonlyMap<XmlElement, Place>
  readonly notes: StyleNote[]
  readonly takenElements: Set<XmlElement>
  /** `name` of the attributes taken, by element. */
  readonly takenAttributes: Map<XmlElement, Set<string>>
  /** Of the lengths of the symbolizer that is read. */
  readonly unit: Unit
  /** Rules met so far, and notes that found no room. */
  readonly counts: { rules: number; unwritten: number }
  readonly options: SldOptions
}

interface Place {
  readonly parent: XmlElement
  /** Among the siblings of its name, from 1. */
  readonly place: number
  readonly isAlone: boolean
}

/** What lengths are counted in (OGC 05-077r4, 10.2). */
export type Unit = 'pixel' | 'metre' | 'foot'

/** Bounds of a document; beyond them it is refused. */
export interface SldOptions {
  readonly bytes: number
  /** Of nested elements. */
  readonly depth: number
  /** Elements, attributes and texts of the document. */
  readonly nodes: number
  readonly rules: number
  /** Pictures from addresses make the style unreadable; else they are left out and noted. */
  readonly refusesAddresses: boolean
}

/** Classifications of communes have a few thousand rules; a rule has some 30 elements, attributes and texts. */
export const defaultSldOptions: SldOptions = { bytes: 8_000_000, depth: 80, nodes: 400_000, rules: 5000, refusesAddresses: false }

/** Begins a document: nothing is taken yet. */
export function startReading(root: XmlElement, options: SldOptions): Reading {
  return {
    root,
    places: once(() => placesBelow(root)),
    notes: [],
    takenElements: new Set([root]),
    takenAttributes: new Map(),
    unit: 'pixel',
    counts: { rules: 0, unwritten: 0 },
    options,
  }
}

/** The first child of that name. Others of the name are left, and so noted. */
export function take(reading: Reading, parent: XmlElement | undefined, name: string): XmlElement | undefined {
  const found = parent && childOf(parent, name)
  if (found) reading.takenElements.add(found)
  return found
}

/** A parameter that may be left out; an empty one, which people and programs leave, is noted and counts as left out. */
export function takeParameter(reading: Reading, parent: XmlElement | undefined, name: string): XmlElement | undefined {
  const element = take(reading, parent, name)
  return element && isFilled(reading, element) ? element : undefined
}

/** Whether an element holds anything; noted where it does not. */
export function isFilled(reading: Reading, element: XmlElement): boolean {
  if (childrenOf(element).length > 0 || plainText(element) !== '') return true
  note(reading, element, 'is empty; the default is taken')
  return false
}

/** All children, of these names where they are given, in order. */
export function takeAll(reading: Reading, parent: XmlElement | undefined, ...names: readonly string[]): readonly XmlElement[] {
  const found = parent ? childrenOf(parent).filter(({ name }) => names.length === 0 || names.includes(name)) : []
  for (const element of found) reading.takenElements.add(element)
  return found
}

/** Text of the first child of that name, trimmed; undefined where it is not there or empty. */
export function takeText(reading: Reading, parent: XmlElement | undefined, name: string): string | undefined {
  const element = take(reading, parent, name)
  return element && (plainText(element) || undefined)
}

/** Value of an attribute, whatever its namespace, trimmed. */
export function takeAttribute(reading: Reading, element: XmlElement, name: string): string | undefined {
  const names = reading.takenAttributes.get(element) ?? new Set()
  reading.takenAttributes.set(element, names.add(name))
  return element.attributes.find(attribute => attribute.name === name)?.value.trim()
}

/** All that is below `element` is read, or told of, by somebody else. */
export function takeWhole(reading: Reading, element: XmlElement): void {
  reading.takenElements.add(element)
  for (const { name } of element.attributes) takeAttribute(reading, element, name)
  for (const child of childrenOf(element)) takeWhole(reading, child)
}

/** The text of an element itself, trimmed. */
export function plainText(element: XmlElement): string {
  return element.content
    .filter(item => typeof item === 'string')
    .join('')
    .trim()
}

/** What was met and is not kept as it was said. */
export function note(reading: Reading, element: XmlElement, message: string): void {
  if (reading.notes.length >= mostNotes) reading.counts.unwritten++
  else reading.notes.push({ line: element.line, path: pathOf(reading, element), message })
}

/** Refuses the document because of an element. */
export function refuse(element: XmlElement, message: string): never {
  throw new StyleError(`${element.name}: ${message}`, element.line)
}

/** What came, cut to what fits into a message. */
export function quoted(text: string): string {
  return `“${text.length > 60 ? `${text.slice(0, 57)}…` : text}”`
}

/** More notes than these are only counted. */
const mostNotes = 1000

/** Notes whatever nobody took; of nested elements only the outermost. In the order of the document. */
export function finishReading(reading: Reading): readonly StyleNote[] {
  const visit = (element: XmlElement) => {
    for (const attribute of element.attributes) {
      if (reading.takenAttributes.get(element)?.has(attribute.name) || isSilent(attribute)) continue
      note(reading, element, `the attribute ${quoted(attribute.name)} is not read`)
    }
    for (const item of element.content) {
      if (typeof item === 'string') continue
      if (reading.takenElements.has(item)) visit(item)
      else note(reading, item, 'is not read here')
    }
  }
  visit(reading.root)
  const { notes, counts } = reading
  notes.sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
  if (counts.unwritten > 0) notes.push({ path: reading.root.name, message: `${counts.unwritten} more notes are left out` })
  return notes
}

/** Attributes that say nothing about the style: of schemas, links and XML itself. */
function isSilent({ name, namespace }: XmlAttribute): boolean {
  if (namespace === 'http://www.w3.org/1999/xlink') return name !== 'href'
  return (
    name === 'version' || namespace === 'http://www.w3.org/2001/XMLSchema-instance' || namespace === 'http://www.w3.org/XML/1998/namespace'
  )
}

/** From the root: each element by its name, with its own `Name` or its place among others of its name in brackets. */
function pathOf({ root, places }: Reading, target: XmlElement): string {
  const steps: string[] = []
  for (let element = target; element !== root; ) {
    const place = places().get(element)!
    steps.unshift(stepOf(element, place))
    element = place.parent
  }
  return steps.join('/') || root.name
}

function stepOf(element: XmlElement, { place, isAlone }: Place): string {
  const named = childOf(element, 'Name')
  const name = (named && plainText(named)) || attributeOf(element, 'name')
  if (name) return `${element.name}[${name.slice(0, 40)}]`
  return isAlone ? element.name : `${element.name}[${place}]`
}

function placesBelow(root: XmlElement): Map<XmlElement, Place> {
  const places = new Map<XmlElement, Place>()
  const visit = (parent: XmlElement) => {
    const children = childrenOf(parent)
    const counts = new Map<string, number>()
    for (const { name } of children) counts.set(name, (counts.get(name) ?? 0) + 1)
    const met = new Map<string, number>()
    for (const child of children) {
      const place = (met.get(child.name) ?? 0) + 1
      met.set(child.name, place)
      places.set(child, { parent, place, isAlone: counts.get(child.name) === 1 })
      visit(child)
    }
  }
  visit(root)
  return places
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
