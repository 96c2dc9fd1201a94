import assert from 'node:assert/strict'
import { Validator } from '@seriousme/openapi-schema-validator'
import type { Answer, BoundEntry, Suite } from '../suite.js'
import { bluelakeServer, withoutBluelake } from '../wms/bluelake-server.js'
import { named, readCapabilities } from '../wms/capabilities.js'
import { fetchCapabilities } from '../wms/schemas.js'
import { frame, infoAsk, worldOf } from '../wms/world.js'
import { expectGeojson } from './geojson.js'

const entry = (id: string, clause: string, asserts: string, url: string, judge: (answer: Answer) => void | Promise<void>): BoundEntry => ({
  id,
  clause,
  asserts,
  trials: () => ({
    asks: [url],
    judge: ([answer]: readonly Answer[]) => {
      assert.equal(answer.status, 200)
      return judge(answer)
    },
  }),
})

/** Answers in JSON that have an official schema in a package: OpenAPI 3.0 (its own schema) and GeoJSON. */
async function entries(address: string): Promise<readonly BoundEntry[]> {
  const capabilities = readCapabilities(await fetchCapabilities(`${address}/wms?service=WMS&version=1.3.0&request=GetCapabilities`))
  const world = worldOf('1.3.0', capabilities)
  const documents = ['/api', `/datasets/${encodeURIComponent(named(capabilities)[0].name)}/api`].map(path =>
    entry(`OpenAPI document at ${path}`, 'OpenAPI 3.0.3', 'It is valid by the schema of OpenAPI.', address + path, async ({ bytes }) => {
      const { valid, errors } = await new Validator().validate(JSON.parse(bytes.toString()) as Record<string, unknown>)
      assert.ok(valid, JSON.stringify(errors))
    }),
  )
  const features = named(capabilities)
    .filter(({ title }) => title !== 'cite:Terrain')
    .flatMap(({ name }) =>
      ['application/json', 'application/geo+json'].map(format => {
        const place = { BBOX: frame, WIDTH: 60, HEIGHT: 34, I: 30, J: 17, BUFFER: 50, FEATURE_COUNT: 10 }
        const url = infoAsk(world, { LAYERS: name, INFO_FORMAT: format, ...place })
        return entry(`features of ${name} as ${format}`, 'RFC 7946', 'They are valid GeoJSON, and some are found.', url, ({ bytes }) => {
          const found = JSON.parse(bytes.toString()) as { features: readonly unknown[] }
          expectGeojson(found)
          assert.ok(found.features.length > 0, 'nothing was found')
        })
      }),
    )
  return [...documents, ...features]
}

export const json: Suite = {
  id: 'json',
  title: 'answers in JSON, by OpenAPI 3.0 and GeoJSON',
  skip: withoutBluelake,
  server: bluelakeServer,
  schemas: ({ address }) => entries(address),
  tests: async () => [],
  official: () => ({ url: '', settings: [] }),
  groups: [],
}
