import { attributeOf, childrenOf, textOf, type XmlElement } from '#xml/read.js'
import { fail, nameOf } from './reading.js'

const isNumber = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i

/**
 * Positions inside a geometry element, in any of GML's ways: `coordinates`, `coord` (X, Y), `pos`, `posList`, corners, or points. The first two ordinates of
 * each, or three (NaN for one that is missing), flat, in the order written; `count` is told of each piece before it is made. Throws FilterError.
 */
export function readPositions(
  element: XmlElement,
  dimension: number | undefined,
  count: (positions: number) => void,
  stride: 2 | 3 = 2,
): Float64Array {
  const flat: number[] = []
  const add = (numbers: readonly number[]) => {
    for (const number of numbers) flat.push(number)
  }
  for (const child of childrenOf(element)) {
    switch (child.name) {
      case 'coordinates':
        add(fromCoordinates(child, count, stride))
        break
      case 'coord':
        count(1)
        add(['X', 'Y'].map(name => numberIn(child, textOf(childrenOf(child, name)[0] ?? fail(child, `lacks the element ${name}.`)).trim())))
        if (stride === 3) add(heightOf(childrenOf(child, 'Z').map(z => numberIn(child, textOf(z).trim()))))
        break
      case 'pos':
      case 'lowerCorner':
      case 'upperCorner': {
        count(1)
        const numbers = numbersOf(child)
        if (numbers.length < 2 || numbers.length > 4) fail(child, `is one position and has ${numbers.length} numbers.`)
        add(numbers.slice(0, 2))
        if (stride === 3) add(heightOf(numbers.slice(2)))
        break
      }
      case 'posList':
        add(fromList(child, ownDimension(child) ?? dimension ?? 2, count, stride))
        break
      case 'pointProperty':
      case 'pointRep':
        for (const point of childrenOf(child, 'Point')) add([...readPositions(point, dimension, count, stride)])
        break
      default:
        if (!/^(name|description|metaDataProperty)$/.test(child.name))
          fail(
            element,
            `holds ${nameOf(child)}; positions are read from coordinates, coord, pos, posList, lowerCorner and upperCorner.`,
            'unsupported',
          )
    }
  }
  return Float64Array.from(flat)
}

function ownDimension(element: XmlElement): number | undefined {
  const text = attributeOf(element, 'srsDimension') ?? attributeOf(element, 'dimension')
  return text && /^[234]$/.test(text.trim()) ? Number(text) : undefined
}

const heightOf = ([height = Number.NaN]: readonly number[]) => [height]

function fromList(element: XmlElement, dimension: number, count: (positions: number) => void, stride: 2 | 3): number[] {
  const numbers = numbersOf(element, found => count(Math.ceil(found / dimension)))
  if (numbers.length % dimension) fail(element, `has ${numbers.length} numbers, which are no whole number of positions of ${dimension}.`)
  if (dimension === stride) return numbers
  if (dimension > stride) return numbers.filter((_, i) => i % dimension < stride)
  return numbers.flatMap((number, i) => (i % 2 ? [number, Number.NaN] : [number]))
}

/** Tuples, with the signs that the attributes name (GML 2.1.2, 4.4.2). */
function fromCoordinates(element: XmlElement, count: (positions: number) => void, stride: 2 | 3): number[] {
  const [decimal, comma, space] = [
    attributeOf(element, 'decimal') ?? '.',
    attributeOf(element, 'cs') ?? ',',
    attributeOf(element, 'ts') ?? ' ',
  ]
  const text = textOf(element).trim()
  if (text === '') return []
  const isUsual = comma.trim() !== '' && space.trim() === ''
  // People put spaces around commas, too.
  const tight = (usual: string) => usual.replaceAll(` ${comma}`, comma).replaceAll(`${comma} `, comma).split(' ')
  const tuples = isUsual ? tight(text.split(/\s+/).join(' ')) : text.split(space)
  count(tuples.length)
  return tuples.flatMap(tuple => {
    const parts = comma.trim() === '' ? tuple.trim().split(/\s+/) : tuple.split(comma)
    if (parts.length < 2 || parts.length > 4)
      fail(element, `has “${tuple.slice(0, 40)}” where a position such as 1${decimal}5${comma}2 is expected.`)
    const numbers = parts.slice(0, stride).map(part => numberIn(element, decimal === '.' ? part.trim() : part.trim().replace(decimal, '.')))
    return stride === 3 && numbers.length === 2 ? [...numbers, Number.NaN] : numbers
  })
}

function numbersOf(element: XmlElement, count?: (numbers: number) => void): number[] {
  const words = textOf(element).trim().split(/\s+/)
  if (words.length === 1 && words[0] === '') return []
  count?.(words.length)
  return words.map(word => numberIn(element, word))
}

function numberIn(element: XmlElement, word: string): number {
  const number = isNumber.test(word) ? Number(word) : Number.NaN
  return Number.isFinite(number) ? number : fail(element, `has “${word.slice(0, 40)}” where a number is expected.`)
}
