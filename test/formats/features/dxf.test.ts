import t from 'tap'
import { dxf } from '#formats/features/dxf.js'
import type { Geometry } from '#geo/geometry.js'
import { gdalPython, withoutGdal } from '../../support/gdal.js'
import { hardTable } from '../../support/hard-table.js'
import { unlessAll } from '../../support/programs.js'
import { asFile, writeOptions, written } from './written.js'

interface Entity {
  readonly layer: string
  readonly kind: string
  readonly positions: readonly (readonly number[])[]
}

const reading = `from osgeo import ogr
source = ogr.Open(sys.argv[1])
print(json.dumps([{'layer': f.GetField('Layer'), 'kind': f.GetGeometryRef().GetGeometryName(), 'positions': f.GetGeometryRef().GetPoints()} for f in source.GetLayer(0)]))`

/** Points, lines and rings of a geometry, in order. */
function entitiesOf(geometry: Geometry | null, stride: number): Entity[] {
  const entity = (kind: string, flat: Float64Array): Entity[] =>
    flat.length
      ? [
          {
            layer: 'HARD',
            kind,
            positions: Array.from({ length: flat.length / stride }, (_, i) => [...flat.slice(i * stride, i * stride + stride)]),
          },
        ]
      : []
  if (!geometry) return []
  if ('parts' in geometry) return geometry.parts.flatMap(part => entitiesOf(part, stride))
  if ('rings' in geometry) return geometry.rings.flatMap(ring => entity('LINESTRING', ring))
  return entity(geometry.kind.toUpperCase(), geometry.coordinates)
}

for (const dimensions of ['xy', 'xyz'] as const)
  t.test(`GDAL reads points, lines and closed rings, ${dimensions}`, { skip: unlessAll(withoutGdal) }, async t => {
    const { table, geometries } = hardTable({ dimensions, isSimple: true })
    const stride = dimensions.length
    const read = gdalPython<Entity[]>(reading, asFile(t, 'hard.dxf', await written(dxf, table)))
    t.same(
      read.map(({ positions, ...entity }) => ({ ...entity, positions: positions.map(position => position.slice(0, stride)) })),
      geometries.flatMap(geometry => entitiesOf(geometry, stride)),
    )
  })

t.test('arcs become chords that begin and end where they do', { skip: unlessAll(withoutGdal) }, async t => {
  const { table, geometries } = hardTable({ type: 'CIRCULARSTRING' })
  const read = gdalPython<Entity[]>(reading, asFile(t, 'arcs.dxf', await written(dxf, table)))
  const arcs = geometries.flatMap(geometry => entitiesOf(geometry, 2))
  const ends = ({ positions }: Entity) => [positions[0].slice(0, 2), positions.at(-1)?.slice(0, 2)]
  t.same(read.map(ends), arcs.map(ends))
  t.ok(read.every(({ positions }) => positions.length > 8))
})

t.test('a layer has a name that release 12 allows, whatever the collection is called', async t => {
  const { table } = hardTable({ type: 'POINT', count: 1 })
  const layers = (await written(dxf, { ...table, id: 'ws:Forêt\n0\nEOF, très longue couche de données' })).toString('latin1')
  t.match(layers, /\n {2}8\nWS_FORET_0_EOF__TRES_LONGUE_COU\n/)
})

t.test('a table without geometry is refused; rows are freed; a failure breaks the file', async t => {
  t.match(dxf.obstacle?.(hardTable({ type: null }).table, writeOptions()), /f=csv\) would work/)
  const left = hardTable({ type: 'POLYGON', count: 3000 })
  for await (const _ of dxf.write(left.table, writeOptions())) break
  t.equal(left.closed(), 1)
  await t.rejects(written(dxf, hardTable({ failsAfter: 70 }).table), /went away/)
})
