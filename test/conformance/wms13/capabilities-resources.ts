import assert from 'node:assert/strict'
import { attributeOf, childrenOf, type XmlElement } from '#xml/read.js'
import { headOf } from '../image.js'
import type { Entry, Trial } from '../suite.js'
import { at, textAt, xlink } from '../wms/capabilities.js'
import { expectType, type WmsWorld } from '../wms/world.js'

interface Resource {
  readonly of: string
  readonly element: XmlElement
}

/** Things behind addresses that layers name: elements of a kind, in layers or in their styles. */
function resources({ capabilities }: WmsWorld, kind: string, isInStyle: boolean): readonly Resource[] {
  return capabilities.layers.flatMap(({ element, name, title }) =>
    (isInStyle ? childrenOf(element, 'Style') : [element])
      .flatMap(parent => childrenOf(parent, kind).concat(kind === 'LogoURL' ? childrenOf(at(parent, 'Attribution') ?? parent, kind) : []))
      .map(element => ({ of: `${kind} of ${name ?? title}`, element })),
  )
}

const hrefAt = (element: XmlElement) => attributeOf(at(element, 'OnlineResource') ?? element, 'href', xlink) ?? ''

/** Each is fetched, and has the type it was announced with. */
function formatTrials(found: readonly Resource[], kind: string): readonly Trial[] | string {
  if (found.length === 0) return `there is no ${kind}`
  return found
    .filter(({ element }) => textAt(element, 'Format'))
    .map(({ of, element }) => ({ of, asks: [hrefAt(element)], judge: ([answer]) => expectType(answer, textAt(element, 'Format') ?? '') }))
}

const entry = (id: string, clause: string, kind: string, isInStyle = false): Entry<WmsWorld> => ({
  id: `getcapabilities:${id}`,
  clause: `OGC 06-042, ${clause}`,
  asserts: `What each ${kind} leads to is of the type that it states.`,
  trials: world => formatTrials(resources(world, kind, isInStyle), kind),
})

/** Resources the capabilities point at. In the official suite each of them is a `resource-format` or `resource-size` of its own. */
export const capabilitiesResources: readonly Entry<WmsWorld>[] = [
  entry('logourls', '7.2.4.6.10', 'LogoURL'),
  entry('dataurls', '7.2.4.6.15', 'DataURL'),
  entry('featurelisturls', '7.2.4.6.13', 'FeatureListURL'),
  entry('metadataurls', '7.2.4.6.11', 'MetadataURL'),
  entry('style-legendurls', '7.2.4.6.5', 'LegendURL', true),
  entry('style-stylesheeturls', '7.2.4.6.5', 'StyleSheetURL', true),
  entry('style-styleurls', '7.2.4.6.5', 'StyleURL', true),
  {
    id: 'getcapabilities:resource-size',
    clause: 'OGC 06-042, 7.2.4.6.5',
    asserts: 'A legend is as large as its LegendURL states.',
    trials: world => {
      const legends = resources(world, 'LegendURL', true).concat(resources(world, 'LogoURL', false))
      if (legends.length === 0) return 'there is no LegendURL'
      return legends.map(({ of, element }) => ({
        of,
        asks: [hrefAt(element)],
        judge: async ([answer]) => {
          const { width, height } = await headOf(answer)
          assert.deepEqual(
            [width, height].map(String),
            ['width', 'height'].map(name => attributeOf(element, name)),
          )
        },
      }))
    },
  },
]
