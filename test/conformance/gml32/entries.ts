import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crsOf } from '#geo/crs.js'
import { parseCrsName } from '#geo/crs-name.js'
import { attributeOf, childrenOf, readXml, textOf, type XmlElement } from '#xml/read.js'
import type { Answer, Entry } from '../suite.js'
import { expectSchema } from '../wms/schemas.js'
import { type Frame, featuresAsk, frames, writeFeatures } from './document.js'

export interface GmlWorld {
  readonly address: string
}

const gml = 'http://www.opengis.net/gml/3.2'

const test = (
  id: string,
  clause: string,
  asserts: string,
  judge: (root: XmlElement, answer: Answer) => void | Promise<void>,
): Entry<GmlWorld> => ({
  id,
  clause: `OGC 07-036, ${clause}`,
  asserts,
  trials: ({ address }) =>
    (Object.keys(frames) as Frame[]).map(of => ({
      of,
      asks: [featuresAsk(address, of)],
      judge: ([answer]) => {
        assert.equal(answer.status, 200)
        return judge(readXml(answer.bytes, { bytes: 10e6 }), answer)
      },
    })),
})

/** Tests of GML 3.2 documents (ets-gml32), as far as they look at a document and not at its schema. */
export const entries: readonly Entry<GmlWorld>[] = [
  test(
    'XMLSchemaValidationTests.isXMLSchemaValid',
    'A.3.4',
    'The document is valid by its application schema, and that by GML.',
    async (_root, answer) => {
      const folder = await mkdtemp(join(tmpdir(), 'arpent-gml-'))
      try {
        expectSchema(await readFile(await writeFeatures(answer.bytes, folder)))
      } finally {
        await rm(folder, { recursive: true })
      }
    },
  ),
  test('SchematronTests.checkForDeprecatedGMLElements', 'Annex I', 'Nothing that GML 3.2 keeps for older documents only.', root => {
    const old = ['coordinates', 'Null', 'FeatureCollection', 'featureMember', 'coord', 'polygonMember', 'outerBoundaryIs']
    const names = new Set(
      all(root)
        .filter(({ namespace }) => namespace === gml)
        .map(({ name }) => name),
    )
    assert.deepEqual(
      old.filter(name => names.has(name)),
      [],
    )
  }),
  test('SchematronTests.checkGMLSchematronConstraints', '7.2.4.5', 'Every object has an id of its own.', root => {
    const geometries = all(root).filter(({ name, namespace }) => namespace === gml && /^(Point|LineString|Polygon|Multi)/.test(name))
    const features = childrenOf(root, 'member').flatMap(member => childrenOf(member))
    assert.ok(
      [root, ...features, ...geometries].every(object => attributeOf(object, 'id', gml)),
      'an object has no id',
    )
    const ids = all(root).flatMap(element => attributeOf(element, 'id', gml) ?? [])
    assert.equal(new Set(ids).size, ids.length)
  }),
  test('PointTests.pointHasValidCRS', '10.1.3.2', 'A point names a reference system, itself or by what is around it.', root =>
    expectCrs(root, 'Point'),
  ),
  test(
    'PointTests.pointHasValidPosition',
    '10.3.1',
    'A point has a position with as many numbers as its reference system has axes.',
    root => {
      for (const point of some(root, 'Point')) assert.equal(numbersOf(point).length, 2)
    },
  ),
  test('LineStringTests.lineHasValidCRS', '10.1.3.2', 'A line names a reference system, itself or by what is around it.', root =>
    expectCrs(root, 'LineString'),
  ),
  test('LineStringTests.validLineString', '10.4.4', 'A line has two positions at least.', root => {
    for (const line of some(root, 'LineString')) assert.ok(numbersOf(line).length >= 4 && numbersOf(line).length % 2 === 0)
  }),
  test('SurfaceTests.surfaceHasValidCRS', '10.1.3.2', 'A surface names a reference system, itself or by what is around it.', root =>
    expectCrs(root, 'Polygon'),
  ),
  test('SurfaceTests.validSurfaceBoundary', '10.5.8', 'Every ring is closed.', root => {
    for (const ring of some(root, 'LinearRing')) {
      const numbers = numbersOf(ring)
      assert.ok(numbers.length >= 8)
      assert.deepEqual(numbers.slice(0, 2), numbers.slice(-2))
    }
  }),
  test(
    'SurfaceTests.validSurfaceOrientation',
    '10.5.12',
    'Outer rings run counter-clockwise seen from above, inner ones clockwise.',
    root => {
      for (const polygon of some(root, 'Polygon'))
        for (const boundary of childrenOf(polygon)) {
          const isNorthFirst = axesOf(root) === 'yx'
          const turn = areaOf(numbersOf(boundary)) * (isNorthFirst ? -1 : 1)
          assert.ok(boundary.name === 'exterior' ? turn > 0 : turn < 0, `${boundary.name} of ${attributeOf(polygon, 'id', gml)}`)
        }
    },
  ),
  test('EnvelopeTests.checkEnvelopePositions', '10.1.4.6', 'The lower corner is below the upper one in every axis.', root => {
    for (const envelope of some(root, 'Envelope')) {
      const [a, b, c, d] = numbersOf(envelope)
      assert.ok(a < c && b < d, `${a} ${b}, ${c} ${d}`)
    }
  }),
  test('EnvelopeTests.envelopeHasValidCRS', '10.1.3.2', 'An envelope names a reference system.', root => expectCrs(root, 'Envelope')),
]

/** Official tests of the schema, which is made by our tests as long as there is no DescribeFeatureType, and tests of what we never write. */
export const ofTheSchema = [
  'ModelAndSyntaxTests.verifyGMLObjectPropertyPattern', 'GeneralSchemaTests.declareTargetNamespace', 'GeneralSchemaTests.declaresGMLObjects', 'GeneralSchemaTests.importFullGMLSchema',
  'XMLSchemaTests.compileXMLSchema', 'ComplexPropertyTests.validateMembersOfGmlObjectCollection', 'ComplexPropertyTests.validateMetadataProperties',
  'FeatureComponentTests.substitutesForAbstractFeature', 'FeatureComponentTests.verifyFeatureMemberProperties', 'GeometryComponentTests.validateImplicitGeometryProperty',
  'GeometryComponentTests.substitutesForGMLGeometry', 'TemporalComponentTests.validateImplicitTemporalProperty', 'TemporalComponentTests.substitutesForAbstractTimeObject',
  'TopologyComponentTests.substitutesForGMLTopology', 'TopologyComponentTests.validateImplicitTopologyProperty', 'SchematronTests.checkSchematronConstraints',
  'CompositeCurveTests.compositeCurveComponentsAreConnected', 'CurveTests.curveHasValidCRS', 'CurveTests.validCurveSegments', 'PropertyValueTests.validateLocationName',
  'PropertyValueTests.validateLocationReference',
] // biome-ignore format: names

const all = (element: XmlElement): readonly XmlElement[] => [element, ...childrenOf(element).flatMap(all)]
const numbersOf = (element: XmlElement) =>
  all(element)
    .filter(({ name }) => /^(pos|posList|lowerCorner|upperCorner)$/.test(name))
    .flatMap(position => textOf(position).trim().split(/\s+/).map(Number))

function some(root: XmlElement, name: string): readonly XmlElement[] {
  const found = all(root).filter(element => element.name === name && element.namespace === gml)
  assert.ok(found.length > 0, `there is no gml:${name}`)
  return found
}

/** Each element of that name, or one around it, has an srsName that is known. */
function expectCrs(root: XmlElement, name: string): void {
  const walk = (element: XmlElement, around: string | undefined): void => {
    const own = attributeOf(element, 'srsName') ?? around
    if (element.name === name && element.namespace === gml) {
      const found = own === undefined ? undefined : parseCrsName(own, 'other')
      assert.ok(found && crsOf(found.crs.code), `srsName="${own}"`)
    }
    for (const child of childrenOf(element)) walk(child, own)
  }
  some(root, name)
  walk(root, undefined)
}

function axesOf(root: XmlElement): 'xy' | 'yx' {
  const srsName = all(root).flatMap(element => attributeOf(element, 'srsName') ?? [])[0] ?? ''
  return parseCrsName(srsName, 'other')?.isFlipped ? 'yx' : 'xy'
}

/** Twice the signed area of a ring. */
function areaOf(numbers: readonly number[]): number {
  let area = 0
  for (let i = 0; i + 3 < numbers.length; i += 2) area += numbers[i] * numbers[i + 3] - numbers[i + 2] * numbers[i + 1]
  return area
}
