import assert from 'node:assert/strict'
import { attributeOf } from '#xml/read.js'
import type { Entry } from '../suite.js'
import { formatsOf, lineage, named, textsOf } from '../wms/capabilities.js'
import type { WmsWorld } from '../wms/world.js'
import { clause, look } from './entry.js'

/** The data set is there, with polygons that can be asked about. */
export const profiles: readonly Entry<WmsWorld>[] = ['basic', 'queryable']
  .flatMap(profile => {
    const profiled = clause('test data', `profiles-${profile}-`)
    return [
      profiled(
        1,
        'Every layer of the data set is there, in EPSG:4326, for any part and any size.',
        look(({ capabilities }) => {
          const titles =
            'BasicPolygons Bridges Buildings DividedRoutes Forests Lakes MapNeatline NamedPlaces Ponds RoadSegments Streams'.split(' ')
          for (const title of titles) {
            const found = named(capabilities).find(layer => layer.title === `cite:${title}`)
            assert.ok(found, `no layer is titled cite:${title}`)
            assert.ok(
              lineage(found).some(({ element }) => textsOf(element, 'SRS').some(srs => srs.includes('EPSG:4326'))),
              title,
            )
            assert.ok(attributeOf(found.element, 'noSubsets') !== '1' && !Number(attributeOf(found.element, 'fixedWidth') ?? 0), title)
          }
        }),
      ),
      profiled(
        2,
        'PNG or GIF is a format of maps.',
        look(({ capabilities }) => assert.ok(formatsOf(capabilities, 'GetMap').some(format => /^image\/(gif|png)$/.test(format)))),
      ),
    ]
  })
  .concat(
    clause('test data', 'profiles-queryable-')(
      3,
      'GetFeatureInfo is served, and the layers with polygons are queryable.',
      look(({ capabilities }) => {
        assert.ok(formatsOf(capabilities, 'GetFeatureInfo').length > 0)
        for (const title of ['BasicPolygons', 'Forests', 'Lakes', 'NamedPlaces', 'Ponds']) {
          const found = named(capabilities).find(layer => layer.title === `cite:${title}`)
          assert.equal(found && attributeOf(found.element, 'queryable'), '1', title)
        }
      }),
    ),
  )
