import assert from 'node:assert/strict'
import { attributeOf } from '#xml/read.js'
import type { Entry } from '../suite.js'
import { expectSchema } from '../wms/schemas.js'
import { capabilitiesAsk, type WmsWorld } from '../wms/world.js'

const instance = 'http://www.w3.org/2001/XMLSchema-instance'
const canonical = 'http://schemas.opengis.net/wms/1.3.0/capabilities_1_3_0.xsd'

/** Capabilities against the schema they name. */
export const capabilitiesSchema: readonly Entry<WmsWorld>[] = [
  {
    id: 'getcapabilities:normative-schema',
    clause: 'OGC 06-042, E.1',
    asserts: 'The schema the capabilities name is the one OGC publishes.',
    trials: ({ capabilities }) => {
      const pairs = (attributeOf(capabilities.root, 'schemaLocation', instance) ?? '').trim().split(/\s+/)
      assert.equal(pairs[pairs.indexOf('http://www.opengis.net/wms') + 1], canonical)
      return []
    },
  },
  {
    id: 'getcapabilities:validate-using-schemaLocation',
    clause: 'OGC 06-042, 7.2.4.1',
    asserts: 'The capabilities are valid by the schema they name.',
    trials: world => ({ asks: [capabilitiesAsk(world)], judge: ([answer]) => expectSchema(answer.bytes) }),
  },
]
