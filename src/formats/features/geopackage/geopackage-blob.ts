import type { Bbox } from '#geo/bbox.js'
import { ewkbBbox } from '#geo/ewkb.js'
import { knownKinds, putIsoWkb } from '../iso-wkb.js'
import { LittleSink } from '../little-sink.js'

/** A geometry on its way into a GeoPackage. */
export interface GeopackageBlob {
  /** The binary form, until the next is made. */
  readonly bytes: Uint8Array
  /** Undefined: it is empty. */
  readonly box: Bbox | undefined
  /** WKB code, Z and M aside. */
  readonly code: number
}

/** GP, version 1 (OGC 12-128r19, 2.1.3.1.1). */
const magic = Uint8Array.of(0x47, 0x50, 0)
const littleEndian = 1
const envelopeOfXy = 1 << 1
const emptyFlag = 1 << 4

/**
 * A function that makes GeoPackage geometries: a head with SRS, envelope (of all but points, whose envelope would be themselves) and whether it is empty,
 * then ISO WKB. Of the kinds that a GeoPackage does not know, see `knownKinds`.
 */
export function blobMaker(srsId: number, tolerance: number): (ewkb: Uint8Array) => GeopackageBlob {
  const sink = new LittleSink(4096)
  return ewkb => {
    const known = knownKinds(ewkb, 12, tolerance)
    const box = ewkbBbox(known)
    sink.at = 0
    sink.copy(magic)
    const isPoint = (known[1] & 0xff) === 1 && known[0] === 1
    sink.u8(littleEndian | (box ? (isPoint ? 0 : envelopeOfXy) : emptyFlag))
    sink.u32(srsId)
    if (box && !isPoint) for (const ordinate of [box[0], box[2], box[1], box[3]]) sink.f64(ordinate)
    const start = sink.at
    putIsoWkb(sink, known)
    return { bytes: sink.bytes.subarray(0, sink.at), box, code: sink.view.getUint32(start + 1, true) % 1000 }
  }
}
