import type { Collection } from '#core/atlas.js'
import { type Parameter, parameterKind, parameterValue } from '#core/parameter.js'
import { Problem } from '#core/problem.js'
import { withParameters } from '#core/restriction.js'
import type { Scalar } from '#filters/expression.js'
import type { Kvp } from '#protocols/ows/kvp.js'

/** GeoServer's name and ours; the first that is there counts. */
const names = ['PARAMS', 'VIEWPARAMS'] as const

/** Most values in a request. */
const most = 1000

/**
 * The collections of each layer of a request with the values that PARAMS or VIEWPARAMS gives to the parameters of their restrictions:
 * `year:2024;town:57463`, one set for all layers, or one for each with commas between; `\\;` and `\\,` stand for signs of a value. Where no
 * collection has parameters it is some other server's parameter, and ignored. Throws `invalid-parameter`, `too-large`.
 */
export function withLayerParameters(kvp: Kvp, layers: readonly (readonly Collection[])[]): readonly (readonly Collection[])[] {
  const parameter = names.find(name => kvp.get(name) !== undefined)
  if (parameter === undefined || parametersOf(layers.flat()).length === 0) return layers
  const fault = (message: string) => new Problem('invalid-parameter', `${parameter} ${message}`, { locator: parameter.toLowerCase() })
  const sets = split(kvp.get(parameter)!, ',').map(set => pairs(set, fault))
  if (sets.reduce((sum, set) => sum + set.length, 0) > most)
    throw new Problem('too-large', `${parameter} gives more than the ${most} values allowed.`, { locator: parameter.toLowerCase() })
  if (sets.length !== 1 && sets.length !== layers.length)
    throw fault(`has ${sets.length} sets for ${layers.length} layers; one for each, or one for all, would work.`)
  const isForAll = sets.length === 1
  return layers.map((collections, i) => {
    const set = isForAll ? sets[0] : sets[i]
    const known = parametersOf(isForAll ? layers.flat() : collections)
    for (const [name] of set) if (!known.some(one => isNamed(one, name))) throw fault(unknown(name, known))
    return collections.map(collection => withParameters(collection, valuesFor(collection, set, fault)))
  })
}

type Pair = readonly [name: string, text: string]
type Fault = (message: string) => Problem

const parametersOf = (collections: readonly Collection[]) => collections.flatMap(({ restriction }) => restriction?.parameters ?? [])
const isNamed = (parameter: Parameter, name: string) => parameter.name.toLowerCase() === name.toLowerCase()

function unknown(name: string, known: readonly Parameter[]): string {
  const some = [...new Map(known.map(one => [one.name, `${one.name} (${one.type})`])).values()].slice(0, 20).join(', ')
  return `names «${name.slice(0, 60)}», which is no parameter of the layer; ${some === '' ? 'it has none.' : `${some} would work.`}`
}

function valuesFor({ restriction }: Collection, set: readonly Pair[], fault: Fault): ReadonlyMap<string, Scalar> {
  const values = new Map<string, Scalar>()
  for (const [name, text] of set) {
    const parameter = restriction?.parameters.find(one => isNamed(one, name))
    // nothing behind the colon leaves the value that holds without
    if (!parameter || text === '') continue
    const value = parameterValue(parameter, text)
    if (value === undefined)
      throw fault(
        `gives ${parameter.name} the value «${text.slice(0, 60)}», which is not ${parameterKind(parameter)}; ${parameter.name}:${parameter.default} would work.`,
      )
    values.set(parameter.name, value)
  }
  return values
}

function pairs(set: string, fault: Fault): readonly Pair[] {
  return split(set, ';')
    .filter(pair => pair.trim() !== '')
    .map((pair): Pair => {
      const colon = pair.indexOf(':')
      if (colon < 1) throw fault(`has «${pair.slice(0, 60)}», which is no name with a value; year:2024;town:57463 is the form.`)
      return [pair.slice(0, colon).trim(), plain(pair.slice(colon + 1).trim())]
    })
}

/** Cuts at each `sign` before which there is no backslash. */
const split = (text: string, sign: ',' | ';') => text.split(sign === ',' ? /(?<!\\),/ : /(?<!\\);/, most + 1)
const plain = (text: string) => text.replace(/\\([;,])/g, '$1')
