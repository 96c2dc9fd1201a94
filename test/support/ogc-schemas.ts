import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'

const cache = process.env.OGC_CITE_CACHE ?? join(homedir(), '.cache/ogc-cite')
const validator = join(process.env.ARPENT_SHARED ?? '../shared', 'cite/validate.sh')
const has = (program: string) => !spawnSync(program, ['--version']).error

/** For the `skip` option of tests that validate against the official schemas and DTDs. */
export const withoutOgcSchemas: string | false = !existsSync(validator)
  ? `${validator} is not there (ARPENT_SHARED)`
  : !existsSync(join(cache, 'schemas/catalog.xml'))
    ? 'the OGC schemas are not in OGC_CITE_CACHE; ../shared/cite/schemas.sh puts them there'
    : !has('xmllint') && 'xmllint is not installed'

/** Path of a file that comes with the official schemas, such as `se/1.1.0/example-textsymbolizer.xml`. */
export const ogcSchemaFile = (path: string) => join(cache, 'schemas/schemas.opengis.net', path)

/** What the official schema or DTD that a document names has against it; empty when it is valid. */
export function schemaFaults(document: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'arpent-schema-'))
  try {
    const file = join(folder, 'document.xml')
    writeFileSync(file, document)
    const { status, stdout, stderr } = spawnSync('bash', [validator, file], {
      encoding: 'utf8',
      env: { ...process.env, OGC_CITE_CACHE: cache },
    })
    return status === 0 ? '' : `${stdout}${stderr}` || `exit ${status}`
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The same for KML 2.2, whose schema names one of OASIS that lies elsewhere in the cache. */
export function kmlFaults(document: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'arpent-schema-'))
  try {
    const [file, catalog] = [join(folder, 'document.kml'), join(folder, 'catalog.xml')]
    writeFileSync(file, document)
    const xal = `name="http://docs.oasis-open.org/election/external/xAL.xsd" uri="file://${ogcSchemaFile('citygml/xAL/xAL.xsd')}"`
    writeFileSync(catalog, `<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog"><uri ${xal}/></catalog>`)
    const { status, stderr } = spawnSync('xmllint', ['--nonet', '--noout', '--schema', ogcSchemaFile('kml/2.2.0/ogckml22.xsd'), file], {
      encoding: 'utf8',
      env: { ...process.env, XML_CATALOG_FILES: `${catalog} ${join(cache, 'schemas/catalog.xml')}` },
    })
    return status === 0 ? '' : stderr || `exit ${status}`
  } finally {
    rmSync(folder, { recursive: true })
  }
}
