import { readSld, type SldDocument } from '#styles/sld/read-sld.js'
import { writeSld } from '#styles/sld/write-sld.js'
import type { Style } from '#styles/style.js'

/** Throws when what was read holds a number that is none, or a picture from elsewhere, or changes when it is written and read again and again. */
export function judgeDocument({ layers }: SldDocument): void {
  const impossible = [...numbersIn(layers)].find(value => !Number.isFinite(value))
  if (impossible !== undefined) throw new Error(`${impossible} was read as a number`)
  const picture = /"href":"(?!data:image\/)[^"]*(:\/\/|\.\.\/)/.exec(JSON.stringify(layers))
  if (picture) throw new Error(`a picture from elsewhere was read: ${picture[0]}`)
  for (const one of layers.flatMap(layer => layer.styles)) if (one.kind === 'user') writtenTwice(one.style)
}

function writtenTwice(style: Style): void {
  for (const version of ['1.0.0', '1.1.0'] as const) {
    const once = writeSld(style, { version, layer: 'l', isExtended: true }).text
    const [back] = readAgain(once).layers[0].styles
    if (back.kind !== 'user') throw new Error('a style was written as none')
    const twice = writeSld(back.style, { version, layer: 'l', isExtended: true }).text
    const thrice = readAgain(twice).layers[0].styles[0]
    if (JSON.stringify(thrice) !== JSON.stringify(back)) throw new Error(`what was written changes when it is written again, ${version}`)
  }
}

function readAgain(text: string): ReturnType<typeof readSld> {
  try {
    return readSld(text)
  } catch (error) {
    throw new Error(`what was written cannot be read: ${(error as Error).message}`)
  }
}

function* numbersIn(part: unknown): Generator<number> {
  if (typeof part === 'number') yield part
  else if (typeof part === 'object' && part !== null) for (const inner of Object.values(part)) yield* numbersIn(inner)
}
