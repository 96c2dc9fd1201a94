import type { Bbox } from '#geo/bbox.js'
import { escapeXml } from '#xml/write.js'
import { TextSink } from '../text-sink.js'
import { type GmlDialect, gml2, gml31, gml32 } from './gml-geometry.js'
import type { Srs } from './srs.js'

/** Versions of GML that are written. */
export type GmlVersionName = '2.1.2' | '3.1.1' | '3.2.1'

/** What differs between the versions of GML around the geometries of features. */
export interface GmlVersion {
  readonly name: GmlVersionName
  readonly dialect: GmlDialect
  /** How features carry their id. */
  readonly idAttribute: 'fid' | 'gml:id'
  /** How a reference system is named where nobody asked for another way, and whether its coordinates are y,x then. */
  nameOf(srs: Srs): string
  isFlipped(srs: Srs): boolean
  envelope(srsName: string, low: string, high: string): string
  /** `''`: nothing at all, which also stands for boxes without width or height, as the official suite has it. */
  readonly noEnvelope: string
}

const version2: GmlVersion = {
  name: '2.1.2',
  dialect: gml2,
  idAttribute: 'fid',
  nameOf: srs => srs.gml2Name,
  isFlipped: () => false,
  envelope: (srsName, low, high) => `<gml:Box${srsName}><gml:coordinates>${low} ${high}</gml:coordinates></gml:Box>`,
  noEnvelope: '<gml:null>unknown</gml:null>',
}

const version31: GmlVersion = {
  name: '3.1.1',
  dialect: gml31,
  idAttribute: 'gml:id',
  nameOf: srs => srs.urn,
  isFlipped: srs => srs.isNorthFirst,
  envelope: (srsName, low, high) =>
    `<gml:Envelope${srsName}><gml:lowerCorner>${low}</gml:lowerCorner><gml:upperCorner>${high}</gml:upperCorner></gml:Envelope>`,
  noEnvelope: '<gml:Null>unknown</gml:Null>',
}

/** What is different between them. */
export const gmlVersions: Readonly<Record<GmlVersionName, GmlVersion>> = {
  '2.1.2': version2,
  '3.1.1': version31,
  '3.2.1': { ...version31, name: '3.2.1', dialect: gml32, noEnvelope: '' },
}

/** How coordinates are referenced: the name of their system, and whether they are y,x under that name. */
export interface GmlReference {
  readonly name: string
  readonly isFlipped: boolean
}

/** As the version has it by itself; undefined where the system is not known. */
export function gmlReference(version: GmlVersion, srs: Srs | undefined): GmlReference | undefined {
  return srs && { name: version.nameOf(srs), isFlipped: version.isFlipped(srs) }
}

/** Puts `gml:boundedBy`: a box, x before y as it comes, or that there is none. */
export function putBoundedBy(
  sink: TextSink,
  { dialect, envelope, noEnvelope }: GmlVersion,
  box: Bbox | undefined,
  reference?: GmlReference,
  decimals = 3,
): void {
  if (noEnvelope === '' && (!box || box[0] === box[2] || box[1] === box[3])) return
  sink.ascii('<gml:boundedBy>')
  if (!box) sink.ascii(noEnvelope)
  else {
    const corner = (x: number, y: number) => {
      const [first, second] = reference?.isFlipped ? [y, x] : [x, y]
      return new TextSink(64).fixed(first, decimals).byte(dialect.ordinateSeparator).fixed(second, decimals).toString()
    }
    const srsName = reference ? ` srsName="${escapeXml(reference.name)}"` : ''
    sink.text(envelope(srsName, corner(box[0], box[1]), corner(box[2], box[3])))
  }
  sink.ascii('</gml:boundedBy>')
}
