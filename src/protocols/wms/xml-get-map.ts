import { Problem } from '#core/problem.js'
import { readXml, type XmlElement, XmlError } from '#xml/read.js'

/** Bytes of a request in XML; the style within is bounded by its own reader. */
const bounds = { bytes: 6e6, depth: 110, nodes: 400_000 }

/**
 * A GetMap request in XML (OGC 02-070, 10.3; OGC 05-078r4, 9.3) as the parameters that say the same; the style within becomes SLD_BODY. So does a style
 * alone, as GeoServer takes it: the address says the rest. Throws
 * `invalid-parameter`, `too-large`.
 */
export function xmlGetMap(document: string): readonly (readonly [name: string, value: string])[] {
  const root = rootOf(document)
  if (root.name === 'StyledLayerDescriptor') return [['SLD_BODY', document]]
  if (root.name !== 'GetMap')
    throw new Problem(
      'invalid-parameter',
      `A request ${root.name.slice(0, 60)} in XML is not answered here; GetMap is, and a StyledLayerDescriptor beside the parameters of one.`,
      {
        locator: 'request',
      },
    )
  const version = attribute(root, 'version') ?? '1.1.1'
  const box = child(root, 'BoundingBox')
  const output = child(root, 'Output')
  const size = child(output, 'Size')
  const crs = text(child(root, 'CRS')) ?? nameOfCrs(attribute(box, 'crs') ?? attribute(box, 'srsName'))
  const said = {
    SERVICE: 'WMS',
    REQUEST: 'GetMap',
    VERSION: version,
    [version.startsWith('1.3') ? 'CRS' : 'SRS']: crs,
    BBOX: box && cornersOf(box),
    WIDTH: text(child(size, 'Width')),
    HEIGHT: text(child(size, 'Height')),
    FORMAT: text(child(output, 'Format')),
    TRANSPARENT: text(child(output, 'Transparent')),
    BGCOLOR: text(child(output, 'BGcolor') ?? child(output, 'BGColor')),
    EXCEPTIONS: text(child(root, 'Exceptions')),
    TIME: text(child(root, 'Time')),
    ELEVATION: elevationOf(child(root, 'Elevation')),
    SLD_BODY: /<(\w+:)?StyledLayerDescriptor[\s>][\s\S]*<\/\1?StyledLayerDescriptor\s*>/.exec(document)?.[0],
  }
  return Object.entries(said).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
}

function rootOf(document: string): XmlElement {
  try {
    return readXml(document, bounds)
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    throw new Problem(
      error.kind === 'too-large' ? 'too-large' : 'invalid-parameter',
      `The request in XML cannot be read: ${error.message}`,
      { cause: error },
    )
  }
}

const elements = (parent: XmlElement | undefined) => (parent?.content ?? []).filter(part => typeof part !== 'string')
const child = (parent: XmlElement | undefined, name: string) => elements(parent).find(element => element.name === name)
const attribute = (element: XmlElement | undefined, name: string) => element?.attributes.find(each => each.name === name)?.value
const text = (element: XmlElement | undefined) =>
  element?.content
    .filter(part => typeof part === 'string')
    .join('')
    .trim()

/** `500,480`, or `min/max`. */
function elevationOf(elevation: XmlElement | undefined): string | undefined {
  const interval = child(elevation, 'Interval')
  if (interval) return `${text(child(interval, 'Min')) ?? ''}/${text(child(interval, 'Max')) ?? ''}`
  return elevation && elements(elevation).map(text).join(',')
}

/** `http://www.opengis.net/gml/srs/epsg.xml#4326`, as requests of SLD 1.0 name systems, becomes `EPSG:4326`. */
const nameOfCrs = (name: string | undefined) => name?.replace(/^.*\/epsg\.xml#/i, 'EPSG:')

/** `minx,miny,maxx,maxy` out of gml:coord, gml:coordinates or ows corners, in the order they are written in. */
function cornersOf(box: XmlElement): string {
  const coordinates = text(child(box, 'coordinates'))
  if (coordinates !== undefined) return coordinates.split(/[\s,]+/).join(',')
  const corners = elements(box).filter(({ name }) => ['coord', 'LowerCorner', 'UpperCorner', 'lowerCorner', 'upperCorner'].includes(name))
  const numbers = corners.flatMap(corner => {
    const parts = elements(corner).map(text)
    return parts.length > 0 ? parts : (text(corner) ?? '').split(/[\s,]+/)
  })
  return numbers.join(',')
}
