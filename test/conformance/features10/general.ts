import assert from 'node:assert/strict'
import { Validator } from '@seriousme/openapi-schema-validator'
import type { Entry } from '../suite.js'
import { type FeaturesWorld, json, jsonAccept, type Link, openApiType } from './world.js'

const core = 'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core'
const landingAsk = ({ address }: FeaturesWorld) => ({ url: `${address}/`, headers: { Accept: jsonAccept } })

/** The landing page, the API document, and what is conformed to. */
export const general: readonly Entry<FeaturesWorld>[] = [
  {
    id: 'GeneralHttp.http',
    clause: 'OGC 17-069r4, requirement 8',
    asserts: 'The server speaks HTTP 1.1.',
    trials: world => ({ asks: [`${world.address}/`], judge: ([{ httpVersion }]) => assert.equal(httpVersion, '1.1') }),
  },
  {
    id: 'LandingPage.landingPageRetrieval',
    clause: 'OGC 17-069r4, requirement 1',
    asserts: 'The landing page is there, as JSON.',
    trials: world => ({ asks: [landingAsk(world)], judge: ([answer]) => void json(answer) }),
  },
  {
    id: 'LandingPage.landingPageValidation',
    clause: 'OGC 17-069r4, requirement 2',
    asserts: 'It links to the API document (service-desc or service-doc), to what is conformed to, and to the data.',
    trials: world => ({
      asks: [landingAsk(world)],
      judge: ([answer]) => {
        const rels = json<{ links: readonly Link[] }>(answer).links.map(({ rel }) => rel)
        assert.ok(rels.includes('service-desc') || rels.includes('service-doc'), 'no link to the API document')
        for (const rel of ['conformance', 'data']) assert.ok(rels.includes(rel), `no link ${rel}`)
      },
    }),
  },
  {
    id: 'ApiDefinition.openapiDocumentRetrieval',
    clause: 'OGC 17-069r4, requirement 3',
    asserts: 'The API document that the landing page links to is there.',
    trials: ({ landing }) => {
      const { href } = landing.links.find(({ rel, type }) => rel === 'service-desc' && type?.replaceAll(' ', '') === openApiType) as Link
      return { asks: [{ url: href, headers: { Accept: openApiType } }], judge: ([answer]) => void json(answer) }
    },
  },
  {
    id: 'ApiDefinition.apiDefinitionValidation',
    clause: 'OGC 17-069r4, requirement 4',
    asserts: 'It is valid OpenAPI 3.0; no schema has a list of types, and nothing in it lies elsewhere.',
    trials: ({ api }) => ({
      asks: [],
      judge: async () => {
        const { valid, errors } = await new Validator().validate(structuredClone(api) as unknown as Record<string, unknown>)
        assert.ok(valid, JSON.stringify(errors))
        walk(api, (key, value) => {
          if (key === 'type') assert.ok(!Array.isArray(value), `a schema has the types ${JSON.stringify(value)}`)
          if (key === '$ref') assert.match(String(value), /^#\//, 'a reference leads elsewhere')
        })
      },
    }),
  },
  {
    id: 'Conformance.validateConformanceOperationAndResponse',
    clause: 'OGC 17-069r4, requirements 5 and 6',
    asserts: 'What is conformed to is a list of texts with Core among them; the landing page links to it.',
    trials: ({ address, landing }) => {
      const linked = landing.links.filter(({ rel }) => rel === 'conformance').map(({ href }) => href)
      return [`${address}/conformance`, ...linked].map(url => ({
        of: url,
        asks: [{ url, headers: { Accept: jsonAccept } }],
        judge: ([answer]) => {
          const { conformsTo } = json<{ conformsTo: readonly unknown[] }>(answer)
          assert.ok(conformsTo.every(uri => typeof uri === 'string'))
          assert.ok(conformsTo.includes(core), `${core} is not in the list`)
        },
      }))
    },
  },
  {
    id: 'CrsRequirementClassPrecondition.verifyConformanceClass',
    clause: 'OGC 18-058r1, 5',
    asserts: 'Part 2, reference systems by reference, is claimed.',
    trials: ({ conformsTo }) => ({
      asks: [],
      judge: () => assert.ok(conformsTo.includes('http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs')),
    }),
  },
]

function walk(value: unknown, see: (key: string, value: unknown) => void): void {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    // properties of data may be called anything
    if (key !== 'properties' && key !== 'example' && key !== 'examples') see(key, inner)
    if (key === 'properties') for (const schema of Object.values(inner as object)) walk(schema, see)
    else walk(inner, see)
  }
}
