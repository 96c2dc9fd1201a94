import t from 'tap'
import { buildAtlas } from '#core/build-atlas.js'
import { rememberEdits } from '#core/edited-atlas.js'
import { atlasPlan, geometryColumn, tablePublication } from '../support/publications.js'

t.test('counts and extents follow what is edited', async t => {
  const published = buildAtlas(
    atlasPlan([
      tablePublication({}, { found: { ...tablePublication().found, count: 10 } as never }),
      tablePublication({}, { name: 'given', settings: { extent: [6, 49, 6.2, 49.2] } }),
      tablePublication({ table: 'empty', geometries: [geometryColumn({ extent: undefined })] }, {}),
    ]),
  )
  const edits = rememberEdits()
  const note = (table: string, added: number, box?: [number, number, number, number]) =>
    edits.note({ table: { store: 'main', schema: 'public', table }, added, boxes: new Map(box ? [['geom', box]] : []) })
  const of = (id: string) => edits.tell(published).collections.get(id)!

  t.equal(edits.tell(published), published)
  note('elsewhere', 5)
  note('places', 0, [931_000, 6_891_000, 931_001, 6_891_001])
  t.match(edits.tell(published), { generation: 1 }, 'nothing that capabilities speak of')
  t.same([of('places').edits, of('given').edits, of('empty').edits], [1, 1, undefined], 'two of one table')

  note('places', 2, [931_000, 6_891_000, 931_001, 6_891_001])
  t.match(of('places').source, { count: { value: 12, isExact: true } })
  t.same(of('places').extent, published.collections.get('places')!.extent)
  note('places', -1, [925_000, 6_890_000, 926_000, 6_890_500])
  t.match(of('places').source, { count: { value: 11 }, geometries: [{ extent: [925_000, 6_890_000, 935_000, 6_900_000] }] })
  t.equal(of('places').extent!.storage[0], 925_000)
  t.ok(of('places').extent!.crs84[0] < published.collections.get('places')!.extent!.crs84[0])
  t.same(of('given').extent, published.collections.get('given')!.extent, 'what the operator said stays')
  t.equal(published.collections.get('empty')!.extent, undefined)
  note('empty', 1, [931_000, 6_891_000, 931_500, 6_891_500])
  t.match(of('empty').extent, { storage: [931_000, 6_891_000, 931_500, 6_891_500] })

  const anew = { ...published }
  t.match(
    edits.tell(anew).collections.get('places'),
    { edits: 3, source: { count: { value: 10 } } },
    'published anew, the data have been looked at',
  )
  t.equal(edits.tell(anew).generation, 3, 'what was prepared before is not taken for it')
  t.equal(edits.tell(anew), edits.tell(anew))
})
