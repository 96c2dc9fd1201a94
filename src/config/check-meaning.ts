import { defaultLimits } from '#core/atlas.js'
import { reservedCollectionIds } from '#core/collection-id.js'
import { infoTemplateFault } from '#formats/features/info-template.js'
import { crsOf } from '#geo/crs.js'
import { addressFault, holdsSecret } from '#stores/cog/locations.js'
import { checkAccess } from './check-access.js'
import { checkRestriction } from './check-restriction.js'
import type { StoreConfig } from './config.js'
import { checkDimensions } from './dimensions.js'
import type { Fault } from './faults.js'
import { checkGrid } from './grids.js'
import { didYouMean } from './nearest-word.js'
import { checkRasterStyle } from './raster-look.js'
import { listOf, type RawCollection, type RawConfig, type RawStore, rasterStylesOf } from './raw-config.js'
import { type ConfigDocument, isRecord } from './read-document.js'
import { reservedPaths } from './reserved-names.js'
import { parseTableName } from './table-name.js'

/** Notes a fault at a JSON pointer. */
export type MeaningCheck = (pointer: string, message: string, part?: 'key' | 'value') => void

/** Ids of all stores, those derived from SOURCES among them; the kind is absent where the store itself is at fault. */
export type StoreKinds = ReadonlyMap<string, StoreConfig['kind'] | undefined>

/** Faults that form alone does not show: references to nothing, reserved names, unknown CRS, secrets in plain text. */
export function checkMeaning(config: RawConfig, { data, faultAt, fromVariables }: ConfigDocument, kinds: StoreKinds): Fault[] {
  const faults: Fault[] = []
  const fault: MeaningCheck = (pointer, message, part = 'value') => {
    faults.push(faultAt(pointer, part, `${pointer.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~')}: ${message}`))
  }
  checkService(config, fault)
  checkLimits(config, fault)
  for (const [id, store] of Object.entries(config.stores ?? {})) checkStore(`/stores/${id}`, store, fromVariables, fault)
  for (const [id, collection] of Object.entries(config.collections ?? {})) checkCollection(id, collection, kinds, fault)
  for (const [id, grid] of Object.entries(config.grids ?? {})) checkGrid(id, grid, fault)
  for (const id of Object.keys(config.spaces ?? {})) {
    if (reservedPaths.has(id.toLowerCase())) fault(`/spaces/${id}`, `"${id}" is a path of the server itself; another name would do`, 'key')
  }
  const accounts = isRecord(data.access) && isRecord(data.access.accounts) ? Object.keys(data.access.accounts) : []
  checkAccess(config, accounts, fromVariables, fault)
  const state = config.state?.store
  if (state !== undefined && !kinds.has(state)) fault('/state/store', noStore(state, kinds))
  if (state !== undefined && kinds.get(state) === 'cog')
    fault('/state/store', `the store "${state}" holds rasters; a postgis or embedded one is needed`)
  return faults
}

function checkService({ service }: RawConfig, fault: MeaningCheck): void {
  const url = service?.publicUrl
  if (url !== undefined && !isBaseUrl(url))
    fault('/service/publicUrl', 'this is not an http(s) URL without query, such as https://maps.example.org/arpent')
}

function checkLimits({ limits = {} }: RawConfig, fault: MeaningCheck): void {
  const { qualityMin, qualityMax } = { ...defaultLimits, ...limits }
  if (qualityMin > qualityMax)
    fault(
      `/limits/${limits.qualityMin === undefined ? 'qualityMax' : 'qualityMin'}`,
      `qualityMin (${qualityMin}) is above qualityMax (${qualityMax})`,
    )
}

/** Whether `url` can stand in front of every path of the service. */
export function isBaseUrl(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, search, hash, username } = new URL(url)
  return /^https?:$/.test(protocol) && search === '' && hash === '' && username === ''
}

function checkStore(pointer: string, store: RawStore, fromVariables: ReadonlySet<string>, fault: MeaningCheck): void {
  if (store.kind === 'postgis') {
    const url = URL.canParse(store.url) ? new URL(store.url) : undefined
    if (!url || !/^postgres(ql)?:$/.test(url.protocol))
      fault(`${pointer}/url`, 'this is not a URL such as postgres://user@host:5432/database')
    else if ((url.password !== '' || url.searchParams.has('password')) && !fromVariables.has(`${pointer}/url`)) {
      fault(`${pointer}/url`, `it holds a password in plain text; put the URL into a variable and write "\${DATABASE_URL}"`)
    }
  } else if (store.kind === 'cog') checkRemote(pointer, store, fromVariables, fault)
}

/** Addresses of rasters, and where their servers may be. */
function checkRemote(pointer: string, store: Extract<RawStore, { kind: 'cog' }>, fromVariables: ReadonlySet<string>, fault: MeaningCheck) {
  const places: (readonly [at: string, address: string])[] = listOf(store.files).map((file, i) => [
    typeof store.files === 'string' ? `${pointer}/files` : `${pointer}/files/${i}`,
    file,
  ])
  if (store.root !== undefined) places.push([`${pointer}/root`, store.root])
  for (const [at, address] of places) {
    const reason = addressFault(address)
    if (reason !== undefined) fault(at, reason)
    else if (holdsSecret(address) && !fromVariables.has(at))
      fault(at, 'it holds a password or a signature in plain text; put the whole address into a variable')
  }
  const { endpoint, redirectsTo = [] } = store.remote ?? {}
  if (endpoint !== undefined && !isBaseUrl(endpoint))
    fault(`${pointer}/remote/endpoint`, 'this is not an http(s) URL without query, such as https://s3.example.org')
  for (const [i, origin] of redirectsTo.entries()) {
    if (!isBaseUrl(origin) || new URL(origin).origin !== origin)
      fault(`${pointer}/remote/redirectsTo/${i}`, 'this is not an origin such as https://cdn.example.org')
  }
}

function checkCollection(id: string, collection: RawCollection, kinds: StoreKinds, fault: MeaningCheck): void {
  const pointer = `/collections/${id}`
  if (reservedCollectionIds.has(id)) fault(pointer, `"${id}" is reserved for the catalogue; another id would do`, 'key')
  if (collection.store === undefined && storeFor(collection, kinds) === undefined) {
    const ids = fittingStores(collection, kinds).join(', ')
    const none = `"stores" has no store of ${collection.files === undefined ? 'tables' : 'rasters (kind: cog)'} to find it in`
    fault(pointer, ids === '' ? none : `"store" is missing: one of ${ids}`, 'key')
  } else if (collection.store !== undefined && !kinds.has(collection.store)) fault(`${pointer}/store`, noStore(collection.store, kinds))
  checkPlace(pointer, collection, kinds, fault)
  checkTime(pointer, collection, fault)
  checkDimensions(pointer, collection, fault)
  checkRestriction(pointer, collection, fault)
  checkAccuracy(pointer, collection, fault)
  for (const [i, code] of (collection.crs ?? []).entries()) {
    if (!crsOf(code)) fault(`${pointer}/crs/${i}`, `${code} is not a CRS of the EPSG or IGNF registers`)
  }
  for (const [i, style] of rasterStylesOf(collection).entries()) checkRasterStyle(`${pointer}/styles/${i}`, style, fault)
  const { extent, info } = collection
  const templates = typeof info === 'string' ? { '': info } : (info ?? {})
  for (const [language, template] of Object.entries(templates)) {
    const reason = infoTemplateFault(template)
    if (reason !== undefined) fault(`${pointer}/info${language && `/${language}`}`, reason)
  }
  if (extent && !(extent[0] < extent[2] && extent[1] < extent[3] && extent[1] >= -90 && extent[3] <= 90)) {
    fault(`${pointer}/extent`, 'this is not west, south, east, north in degrees')
  }
}

/** Tables are found in databases by "table", rasters in folders by "files". */
function checkPlace(pointer: string, collection: RawCollection, kinds: StoreKinds, fault: MeaningCheck): void {
  const { table, files } = collection
  const store = storeFor(collection, kinds)
  const kind = store === undefined ? undefined : kinds.get(store)
  if (kind === 'cog') {
    if (files === undefined) fault(pointer, `"files" is missing: the store "${store}" holds rasters`, 'key')
    if (table !== undefined) fault(`${pointer}/table`, `the store "${store}" holds rasters, not tables: "files" says which`, 'key')
  } else if (kind !== undefined) {
    if (table === undefined) fault(pointer, `"table" is missing: the store "${store}" holds tables`, 'key')
    if (files !== undefined) fault(`${pointer}/files`, `the store "${store}" holds tables: "table" says which`, 'key')
  }
  if (table !== undefined && !parseTableName(table)) {
    fault(`${pointer}/table`, 'this is not a table name: write table, schema.table or "sche.ma"."ta.ble"')
  }
}

/** The order of rasters, and where in their names the time is. */
function checkTime(pointer: string, { files, time, order }: RawCollection, fault: MeaningCheck): void {
  if (order !== undefined && files === undefined) fault(`${pointer}/order`, 'only rasters are drawn in an order')
  if (typeof time === 'object' && files !== undefined && time.pattern !== undefined)
    checkPattern(`${pointer}/time/pattern`, time.pattern, 'year', fault)
}

function checkAccuracy(pointer: string, { files, accuracy }: RawCollection, fault: MeaningCheck): void {
  if (accuracy !== undefined && files === undefined) fault(`${pointer}/accuracy`, 'only rasters have an accuracy class')
  if (typeof accuracy === 'object') checkPattern(`${pointer}/accuracy/pattern`, accuracy.pattern, 'accuracy', fault)
}

function checkPattern(pointer: string, pattern: string, group: string, fault: MeaningCheck): void {
  try {
    new RegExp(pattern)
    if (!pattern.includes(`(?<${group}>`)) fault(pointer, `the group (?<${group}>…) is missing`)
  } catch {
    fault(pointer, 'this is not a regular expression')
  }
}

/** The store a collection names, else the only one that can hold it. */
export function storeFor(collection: RawCollection, kinds: StoreKinds): string | undefined {
  if (collection.store !== undefined) return collection.store
  const fitting = fittingStores(collection, kinds)
  return fitting.length === 1 ? fitting[0] : undefined
}

const fittingStores = ({ files }: RawCollection, kinds: StoreKinds): readonly string[] =>
  [...kinds].filter(([, kind]) => (kind === 'cog') === (files !== undefined)).map(([id]) => id)

function noStore(name: string, kinds: StoreKinds): string {
  const ids = [...kinds.keys()]
  return `there is no store "${name}"${didYouMean(name, ids) || `; stores: ${ids.join(', ') || 'none'}`}`
}
