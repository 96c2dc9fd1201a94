import t from 'tap'
import { entityTag, featureVersion, matchedVersions } from '#core/feature-version.js'
import { oids } from '#rows/pg-types.js'
import { RowBuilder } from '#rows/row-builder.js'
import { rowView } from '#rows/row-view.js'

const source = {
  columns: ['a', 'b'].map(name => ({ name, kind: 'text' as const, nativeType: 'text', isNullable: true })),
  geometries: [],
}
const versionOf = (row: Readonly<Record<string, string | null>>, order = Object.keys(row)) => {
  const columns = order.map(name => ({ name, kind: 'text' as const, oid: oids.text }))
  return featureVersion(source, rowView(new RowBuilder({ columns }).row(order.map(name => row[name])).take()))
}

t.test('a version is what the served columns hold, wherever they stand in the row', async t => {
  const version = versionOf({ a: 'x', b: null })
  t.match(version, /^[0-9a-f]{32}$/)
  t.equal(versionOf({ a: 'x', b: null, '@id': '1', other: 'y' }, ['@id', 'b', 'other', 'a']), version)
  const others = [
    { a: 'x', b: '' },
    { a: null, b: 'x' },
    { a: 'xb', b: null },
    { a: '', b: 'x' },
    { a: 'y', b: null },
  ] // prettier-ignore
  t.equal(new Set([version, ...others.map(row => versionOf(row))]).size, 6)
  t.throws(() => versionOf({ a: 'x' }), /needs the column b/)
})

t.test('If-Match', async t => {
  t.equal(matchedVersions(undefined), undefined)
  t.equal(matchedVersions(' * '), 'any')
  t.same(matchedVersions(`"${entityTag('0a', 'geojson.2154')}", W/"0b-br","0c"`), ['0a', '0b', '0c'])
  t.same(matchedVersions('0a'), [], 'no tag at all matches nothing')
})
