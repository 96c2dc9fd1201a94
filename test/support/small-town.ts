import { defaultStyle } from '#styles/default-style.js'
import type { Style } from '#styles/style.js'
import { line, multi, point, polygon } from './drawing.js'
import type { MemoryTable } from './memory-store.js'
import { seeded } from './seeded.js'

type Place = (x: number, y: number) => readonly [number, number]

/** A town of parcels with houses, streets and trees, 400 by 400 metres from 0,0; `place` says where on earth. Always the same. */
export function smallTown(crs: string, place: Place): Record<'parcels' | 'houses' | 'streets' | 'trees', MemoryTable> {
  const random = seeded(2154)
  const corners = Array.from({ length: 9 }, () => Array.from({ length: 9 }, () => [(random() - 0.5) * 16, (random() - 0.5) * 16]))
  const corner = (i: number, j: number) => place(i * 50 + corners[j][i][0], j * 50 + corners[j][i][1])
  const cells = Array.from({ length: 64 }, (_, k) => [k % 8, Math.floor(k / 8)] as const)
  const ring = ([i, j]: readonly [number, number]) => [corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1), corner(i, j)]
  const house = ([i, j]: readonly [number, number]) => {
    const [x, y, w, h, lean] = [i * 50 + 15 + random() * 6, j * 50 + 15 + random() * 6, 8 + random() * 12, 8 + random() * 12, random() * 6]
    const shell = [place(x, y), place(x + w, y + lean), place(x + w - lean, y + h + lean), place(x - lean, y + h), place(x, y)]
    const yard = [place(x + 2, y + 3), place(x + 4, y + 3), place(x + 4, y + 5), place(x + 2, y + 5), place(x + 2, y + 3)]
    return multi('MultiPolygon', polygon(shell, yard))
  }
  const street = (k: number) => {
    const along = Array.from({ length: 9 }, (_, i) => (k % 2 ? corner(i, (k >> 1) * 2) : corner((k >> 1) * 2, i)))
    return line(...along)
  }
  const table = (name: string, type: string, geometries: readonly Uint8Array[]): MemoryTable => ({
    schema: 'town',
    table: name,
    columns: [{ name: 'id', kind: 'integer', nativeType: 'integer', isNullable: false }],
    geometries: [{ name: 'geom', type, dimensions: 'xy', crs, srid: Number(crs.split(':')[1]), isIndexed: true, isNullable: true }],
    key: { kind: 'primary', columns: ['id'] },
    rows: geometries.map((geometry, id) => [id, geometry]),
  })
  return {
    parcels: table(
      'parcels',
      'POLYGON',
      cells.map(ring).map(shell => polygon(shell)),
    ),
    houses: table('houses', 'MULTIPOLYGON', cells.map(house)),
    streets: table(
      'streets',
      'LINESTRING',
      Array.from({ length: 10 }, (_, k) => street(k)),
    ),
    trees: table(
      'trees',
      'POINT',
      Array.from({ length: 60 }, () => point(...place(random() * 400, random() * 400))),
    ),
  }
}

export const townStyle = ({ table, geometries }: MemoryTable): Style => defaultStyle(table, geometries[0].type)
