import type { LayerGeometry } from '#core/ports.js'
import type { LeaveOut } from '../left-out.js'
import { brokenFile } from '../reader.js'
import { wkbConformer } from './conform-wkb.js'
import { checkWkb } from './wkb.js'

const faults = {
  'not-finite': 'Geometry with coordinates that are not finite numbers',
  degenerate: 'Geometry with a line of one position, or a ring of fewer than four or not closed',
}

/**
 * Takes the geometries of one reading of a layer: makes them fit the declared type, and leaves out those that no index or map
 * could hold or the database would refuse. A geometry that is not whole WKB is an error at its place.
 */
export function geometryIntake(label: string, geometry: LayerGeometry, leaveOut: LeaveOut) {
  const conform = wkbConformer(geometry)
  return (wkb: Uint8Array, place: () => string): Uint8Array | null => {
    const state = checkWkb(wkb)
    if (state === 'whole') return conform(wkb)
    if (state === 'broken') throw brokenFile(label, `${place()}: the geometry is broken (not one whole WKB geometry).`)
    return leaveOut(faults[state], place)
  }
}
