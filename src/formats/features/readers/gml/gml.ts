import type { OpenElement } from '#xml/element-stream.js'
import { attributeOf, childrenOf } from '#xml/read.js'
import { openRawFeatures, type RawSource } from '../raw-features.js'
import type { FeatureReader, OpenOptions, PlainFile } from '../reader.js'
import { documentElements } from '../xml/document-elements.js'
import { gmlFeatureReader } from './gml-feature.js'

/** GML 2.1.2, 3.1.1 and 3.2: each kind of feature is a layer. Read once for the columns, and once for the rows of each layer. */
export const gml = {
  name: 'GML',
  extensions: ['.gml'],
  open: (file: PlainFile, options: OpenOptions) => openRawFeatures(file, gmlSource(file), options),
} satisfies FeatureReader

/** What holds features: of WFS, GML and OGC API Features, and of application schemas that follow them. */
const holdsFeatures = /^(featureMembers?|members?|\w+Member)$/
const isCollection = /Collection$/

/** Features are what lies in members; where there are none, the document is one feature. */
function gmlSource(file: PlainFile): RawSource {
  return {
    idColumn: 'gml_id',
    async *read(signal) {
      let count = 0
      for (const wants of [isMember, isRoot]) {
        const read = gmlFeatureReader(file.label)
        for await (const { elements, share } of documentElements(file, wants, signal)) {
          const features = elements.flatMap(element => {
            if (element.name !== 'boundedBy' || wants === isRoot) return [read.feature(element)]
            const [envelope] = childrenOf(element)
            read.setDefaultCrs(envelope && attributeOf(envelope, 'srsName'))
            return []
          })
          count += features.length
          yield { features, share }
        }
        if (count > 0) return
      }
    },
  }
}

/** A feature in a member, or the box of the root, which names the system of all that name none. */
function isMember({ name }: OpenElement, above: readonly OpenElement[]): boolean {
  if (above.length === 1) return name === 'boundedBy'
  return above.length > 1 && holdsFeatures.test(above.at(-1)?.name ?? '') && !isCollection.test(name)
}

const isRoot = ({ name }: OpenElement) => !isCollection.test(name)
