import { escapeXml } from '#xml/write.js'
import type { TextSink } from '../text-sink.js'
import type { FeatureFormatOptions } from './feature-format.js'
import type { GmlVersion } from './gml-version.js'
import { ownPrefix, qualifiedName } from './xml-name.js'

/** The element around features. */
export interface GmlRoot {
  /** Qualified. */
  readonly name: string
  /** Written out: the namespace of its prefix, and what it says about itself (`numberMatched`, `timeStamp`, `next` of a WFS). */
  readonly attributes: string
  /** Element around each feature. */
  readonly member: string
  /** Namespace and address of its schema. */
  readonly schema?: string
}

interface Opening extends Pick<FeatureFormatOptions, 'namespaces' | 'namespace' | 'schemaAddress'> {
  /** An XML name, where the version wants ids. */
  readonly id?: string
}

/** Puts the declaration of the document and the opening tag of its root. `collections` are the ids of those that will come. */
export function putGmlOpening(
  sink: TextSink,
  version: GmlVersion,
  root: GmlRoot,
  collections: readonly string[],
  { id, ...options }: Opening,
): void {
  sink.text(`${xmlDeclaration}<${root.name}${root.attributes}${namespaceAttributes(version, root.schema, collections, options)}`)
  sink.text(id === undefined ? '>' : ` gml:id="${id}">`)
}

/** What every document begins with. */
export const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** Declarations of the namespaces of GML and of collections, and where their schemas are. */
export function namespaceAttributes(
  { dialect, name }: GmlVersion,
  rootSchema: string | undefined,
  collections: readonly string[],
  { namespaces, namespace, schemaAddress }: Opening,
): string {
  const used = new Map([[ownPrefix, namespace]])
  for (const id of collections) {
    const { prefix } = qualifiedName(id, namespaces)
    if (prefix) used.set(prefix, namespaces.get(prefix) ?? namespace)
  }
  const declared = [...used].map(([prefix, uri]) => ` xmlns:${prefix}="${escapeXml(uri)}"`)
  const places = [...used].flatMap(([prefix, uri]) => {
    const own = [...new Set(collections)].filter(id => (qualifiedName(id, namespaces).prefix ?? ownPrefix) === prefix)
    return schemaAddress && own.length > 0 ? [`${uri} ${schemaAddress(prefix, own, name)}`] : []
  })
  const schemas = schemaAddress ? [...(rootSchema ? [rootSchema] : []), ...places] : []
  const where = schemas.length === 0 ? '' : `${xsi} xsi:schemaLocation="${escapeXml(schemas.join(' '))}"`
  return ` xmlns:gml="${dialect.namespace}"${declared.join('')}${where}`
}

const xsi = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
