import type { XmlElement } from '#xml/read.js'
import { type Bounds, checkedNumber, readBoolean } from './read-value.js'
import { note, plainText, quoted, type Reading, takeAll, takeAttribute, takeWhole } from './reading.js'

/** GeoServer's VendorOptions of one element, each taken by name; `finish` notes what nobody took. */
export interface VendorOptions {
  text(name: string): string | undefined
  number(name: string, bounds?: Bounds): number | undefined
  /** Where it is there and is a word of the list; other words are noted. */
  word<T extends string>(name: string, words: readonly T[]): T | undefined
  boolean(name: string): boolean | undefined
  /** The element of an option, to note something of it. */
  element(name: string): XmlElement | undefined
  finish(): void
}

/** The VendorOptions that stand in `parent`. */
export function takeVendorOptions(reading: Reading, parent: XmlElement): VendorOptions {
  const options = new Map<string, XmlElement>()
  const taken = new Set<string>()
  for (const option of takeAll(reading, parent, 'VendorOption')) {
    const name = takeAttribute(reading, option, 'name') ?? ''
    if (options.has(name)) note(reading, option, `the VendorOption ${quoted(name)} is there already; the first counts`)
    else options.set(name, option)
  }
  const element = (name: string) => {
    taken.add(name)
    return options.get(name)
  }
  const text = (name: string) => {
    const found = element(name)
    return found && plainText(found)
  }
  return {
    element,
    text,
    number: (name, bounds) => {
      const found = element(name)
      return found && checkedNumber(found, plainText(found), bounds)
    },
    word: (name, words) => {
      const value = text(name)
      const known = words.find(word => word === value)
      if (value !== undefined && known === undefined)
        note(reading, element(name)!, `the VendorOption ${quoted(name)} is ${quoted(value)}; ${words.join(', ')} are read`)
      return known
    },
    boolean: name => {
      const found = element(name)
      // GeoServer's own documentation writes yes and no for some of them.
      const value = found && plainText(found).toLowerCase()
      return found && (value === 'yes' || value === 'no' ? value === 'yes' : readBoolean(found))
    },
    finish: () => {
      for (const [name, option] of options) {
        if (taken.has(name)) continue
        takeWhole(reading, option)
        note(reading, option, `the VendorOption ${quoted(name)} (${quoted(plainText(option))}) is not read`)
      }
    },
  }
}

/** Lengths around something, as in CSS: one for all, or top/bottom and sides, or top, sides, bottom, or each clockwise from the top. */
export function margins(element: XmlElement): readonly [top: number, right: number, bottom: number, left: number] {
  const texts = plainText(element).split(/[\s,]+/)
  const [top, right = top, bottom = top, left = right] = texts.map(text => checkedNumber(element, text, { least: 0 }))
  return [top, right, bottom, left]
}
