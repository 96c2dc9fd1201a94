import type { Collection } from '#core/atlas.js'
import { type Dimension, defaultText, extentText } from '#core/dimension.js'
import { attributes, type Xml, xml } from '#xml/write.js'
import { unitsIn } from './dimension-parameters.js'
import type { WmsVersion } from './versions.js'

/**
 * `<Dimension>` of 1.3.0 (OGC 06-042, C.2), and of 1.1.1 with its `<Extent>` (OGC 01-068r3, C.3). A dimension of which nothing is known yet is not
 * told.
 */
export function dimensionElements({ dimensions = [] }: Collection, version: WmsVersion): readonly Xml[] {
  const naming = (dimension: Dimension) => namingIn(dimension, version)
  const known = dimensions.filter(({ extent }) => extent.length > 0)
  if (version.number === '1.3.0')
    return known.map(
      dimension =>
        xml`<Dimension${attributes({ ...naming(dimension), ...reading(dimension) })}>${extentText(dimension.extent)}</Dimension>`,
    )
  return [
    ...known.map(dimension => xml`<Dimension${attributes(naming(dimension))}/>`),
    ...known.map(
      dimension => xml`<Extent${attributes({ name: dimension.name, ...reading(dimension) })}>${extentText(dimension.extent)}</Extent>`,
    ),
  ]
}

const namingIn = (dimension: Dimension, version: WmsVersion) => ({
  name: dimension.name,
  units: unitsIn(dimension, version),
  unitSymbol: dimension.unitSymbol,
})

const reading = (dimension: Dimension) => ({
  default: defaultText(dimension),
  multipleValues: dimension.takesSeveral ? 1 : 0,
  nearestValue: dimension.takesNearest ? 1 : 0,
  current: dimension.isCurrent ? 1 : undefined,
})
