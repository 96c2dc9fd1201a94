import assert from 'node:assert/strict'
import { type FeaturesWorld, geojson, type Link } from './world.js'

const conf = (name: string) => `http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/${name}`

/** Media types that a claimed class stands for, of documents and of features. */
const typesOfClasses = [
  { uri: conf('html'), documents: 'text/html', features: 'text/html' },
  { uri: conf('geojson'), documents: 'application/json', features: geojson },
  ...['gmlsf0', 'gmlsf2'].map(name => ({
    uri: conf(name),
    documents: 'application/xml',
    features: `application/gml+xml;version=3.2;profile=http://www.opengis.net/def/profile/ogc/2.0/gml-${name.slice(3)}`,
  })),
]

/** Types that a document has to link to as alternates, by what is claimed; `self` is its own. */
export const alternatesOf = ({ conformsTo }: FeaturesWorld, self: string | undefined, of: 'documents' | 'features'): readonly string[] =>
  typesOfClasses
    .filter(({ uri }) => conformsTo.includes(uri))
    .map(types => types[of])
    .filter(type => type !== self)

/** The link of that relation, and type if given, which has both. Throws where there is none. */
export function expectLink(links: readonly Link[] | undefined, rel: string, type?: string): Link {
  const found = links?.find(link => link.rel === rel && (type === undefined || sameType(link.type, type)))
  assert.ok(found, `there is no link ${rel}${type === undefined ? '' : ` of type ${type}`}`)
  assert.ok(found.type, `the link ${rel} has no type`)
  assert.match(found.href, /^https?:\/\//, `the link ${rel} is not absolute`)
  return found
}

const normal = (type: string) =>
  type
    .toLowerCase()
    .replaceAll('"', '')
    .split(';')
    .map(part => part.trim())
    .toSorted()
    .join(';')
const sameType = (a: string | undefined, b: string) => a !== undefined && normal(a) === normal(b)
