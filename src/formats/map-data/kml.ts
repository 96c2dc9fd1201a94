import type { Bbox } from '#geo/bbox.js'
import type { RowColumn } from '#rows/batch.js'
import type { RowView } from '#rows/row-view.js'
import { escapeXml } from '#xml/write.js'
import { xmlName } from '../features/xml-name.js'
import { TextSink } from '../text-sink.js'
import { putKmlGeometry } from './kml-geometry.js'

const schema = 'http://schemas.opengis.net/kml/2.2.0/ogckml22.xsd'
/** What every document begins with. */
export const kmlOpening = `<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.opengis.net/kml/2.2 ${schema}">
`

/** One placemark; its geometry is EWKB in longitude and latitude, degrees. */
export interface KmlFeature {
  readonly id: string
  readonly name: string
  /** As `kmlStyle` writes it. */
  readonly style: string
  /** EWKB, longitude and latitude. */
  readonly geometry: Uint8Array
  /** Where its attributes are. */
  readonly row: RowView
}

/** Writes a KML document (OGC 07-147r2) bit by bit. */
export interface KmlWriter {
  /** Opens a folder; `columns` are the attributes that its features tell, by their index. */
  openFolder(title: string, columns: ReadonlyMap<number, RowColumn>): { add(feature: KmlFeature): void; close(): void }
  /** A picture of the map on the ground; the box is longitude and latitude. The first ones lie lowest. */
  addOverlay(title: string, href: string, box: Bbox): void
  /** All is elsewhere. */
  addLink(title: string, href: string): void
  /** Bytes so far. */
  readonly length: number
  finish(): Uint8Array
}

/** Begins a document. */
export function openKml(title: string): KmlWriter {
  const body = new TextSink()
  // by what they say: they have to stand before the features that refer to them
  const styles = new Map<string, string>()
  let overlays = 0

  const styleUrl = (style: string) => {
    const known = styles.get(style) ?? `s${styles.size + 1}`
    styles.set(style, known)
    return known
  }

  return {
    get length() {
      return body.length
    },
    openFolder(title, columns) {
      body.text(`<Folder><name>${escapeXml(title)}</name>`)
      return {
        add({ id, name, style, geometry, row }) {
          body.text(`<Placemark id="${xmlName(id)}"><name>${escapeXml(name)}</name><styleUrl>#${styleUrl(style)}</styleUrl>`)
          if (columns.size > 0) putData(body, row, columns)
          putKmlGeometry(body, geometry)
          body.ascii('</Placemark>\n')
        },
        close: () => void body.ascii('</Folder>\n'),
      }
    },
    addOverlay(title, href, [west, south, east, north]) {
      const edges = { north, south, east, west }
      body.text(
        `<GroundOverlay><name>${escapeXml(title)}</name><drawOrder>${overlays++}</drawOrder><Icon><href>${escapeXml(href)}</href></Icon>`,
      )
      body.ascii('<LatLonBox>')
      for (const [edge, degrees] of Object.entries(edges)) body.ascii(`<${edge}>`).fixed(degrees, 12).ascii(`</${edge}>`)
      body.ascii('</LatLonBox></GroundOverlay>\n')
    },
    addLink(title, href) {
      body.text(`<NetworkLink><name>${escapeXml(title)}</name><Link><href>${escapeXml(href)}</href></Link></NetworkLink>\n`)
    },
    finish() {
      const document = new TextSink(body.length + 4096)
      document.text(`${kmlOpening}<Document><name>${escapeXml(title)}</name>\n`)
      for (const [style, id] of styles) document.text(`<Style id="${id}">${style}</Style>\n`)
      return document.bytes(body.take()).ascii('</Document></kml>\n').take()
    },
  }
}

/** Attributes that have a value, as texts: typed ones, which need a Schema, are lost when GDAL reads them out of an archive. */
function putData(sink: TextSink, row: RowView, columns: ReadonlyMap<number, RowColumn>): void {
  sink.ascii('<ExtendedData>')
  for (const [index, { name }] of columns) {
    const text = row.text(index)
    if (text !== null) sink.text(`<Data name="${escapeXml(name)}"><value>${escapeXml(text)}</value></Data>`)
  }
  sink.ascii('</ExtendedData>')
}
