import type { Collection } from '#core/atlas.js'
import type { FeatureReference } from '#core/feature-references.js'
import { type CollectionFormat, collectionFormat, type Link } from '#formats/features/index.js'
import type { ServiceRequest } from '#protocols/http/service.js'
import { link, linkHeader } from '../common/documents.js'
import { referencesOf } from './references.js'

/** How references to other features are told (OGC 23-058r2, “Profiles for feature references”). */
const referenceProfiles = ['rel-as-key', 'rel-as-uri', 'rel-as-link'] as const
/** Profiles of GeoJSON (OGC 21-045r1, “GeoJSON Profiles”). */
const jsonProfiles = ['rfc7946', 'jsonfg', 'jsonfg-plus'] as const
/** All that are known here. */
export const profileNames = [...referenceProfiles, ...jsonProfiles] as const

type ProfileName = (typeof profileNames)[number]
type ReferenceProfile = (typeof referenceProfiles)[number]

const register = 'http://www.opengis.net/def/profile/OGC/0/'

/** Names of a request that are looked at. */
const mostNames = 20

/**
 * The known ones of `profile=a,b`, most wanted first: names, addresses of the register, or `[ogc-profile:a]`. What is not known is passed over, since what
 * is asked for in vain is no error (OGC 23-058r2, /rec/profile-parameter/profile-negotiation).
 */
function askedProfiles(parameters: URLSearchParams): readonly ProfileName[] {
  const texts = parameters.getAll('profile').flatMap(text => text.split(',', mostNames))
  return texts.slice(0, mostNames).flatMap(text => {
    const [, name] = /^\s*(?:https?:\/\/www\.opengis\.net\/def\/profile\/ogc\/0\/|\[ogc-profile:)?([\w-]+)\]?\s*$/i.exec(text) ?? []
    const known = profileNames.find(one => one === name?.toLowerCase())
    return known ? [known] : []
  })
}

/** Which references of a collection are told how. */
export interface AskedReferences {
  /** The profile in force. */
  readonly name: ReferenceProfile
  /** Columns, with the ids of the collections they lead to. */
  readonly columns: ReadonlyMap<string, string>
}

/** How a request wants references told; undefined where it does not say, or there are none. Forms that have no objects take addresses for links. */
export function askedReferences(
  parameters: URLSearchParams,
  { view }: Pick<ServiceRequest, 'view'>,
  collection: Collection,
  hasObjects: boolean,
): AskedReferences | undefined {
  const asked = askedProfiles(parameters).filter(name => isOneOf(referenceProfiles, name))
  if (asked.length === 0) return undefined
  const { source } = collection
  // what is the id of the feature, too, stays it
  const isId = (name: string) =>
    source.kind === 'features' && 'columns' in source.key && source.key.columns.length === 1 && source.key.columns[0] === name
  const columns = new Map([...referencesOf(view, collection)].filter(([name]) => !isId(name)))
  if (columns.size === 0) return undefined
  return { name: asked.find(name => hasObjects || name !== 'rel-as-link') ?? 'rel-as-uri', columns }
}

/** The form they are told in; undefined: the ids as they are. */
export const referenceForm = ({ name }: AskedReferences): FeatureReference['form'] | undefined =>
  name === 'rel-as-uri' ? 'uri' : name === 'rel-as-link' ? 'link' : undefined

/** The same for those who find features: nothing where keys stay as they are. */
export function toldReferences(asked: AskedReferences | undefined, baseUrl: string): { readonly references?: readonly FeatureReference[] } {
  const form = asked && referenceForm(asked)
  if (!form) return {}
  return {
    references: [...asked.columns].map(([column, id]) => ({
      column,
      form,
      items: `${baseUrl}/collections/${encodeURIComponent(id)}/items`,
    })),
  }
}

/** What the profiles of a request make of its answer. */
export interface Profiles {
  /** JSON-FG, too, where it is asked for as a profile of GeoJSON. */
  readonly format: CollectionFormat
  readonly mediaType: string
  readonly references: ReturnType<typeof toldReferences>
  /** Those in force, so far as there was something to choose. */
  readonly names: readonly ProfileName[]
  /** The value of `profile` for the same in other formats. */
  readonly elsewhere: string
}

/** Which of the profiles that a request asks for its answer has: of each group the first that the format knows. */
export function profilesOf(
  parameters: URLSearchParams,
  format: CollectionFormat,
  request: Pick<ServiceRequest, 'view' | 'baseUrl'>,
  collection: Collection,
): Profiles {
  const asked = askedProfiles(parameters)
  const json = jsonProfileOf(asked, format)
  const written = (json === 'jsonfg' || json === 'jsonfg-plus' ? collectionFormat('jsonfg') : undefined) ?? format
  const references = askedReferences(parameters, request, collection, format.hasObjects ?? false)
  return {
    format: written,
    mediaType: format.mediaTypes[0],
    references: toldReferences(references, request.baseUrl),
    names: [...(references ? [references.name] : []), ...(json ? [json] : [])],
    elsewhere: asked.filter(name => isOneOf(referenceProfiles, name)).join(','),
  }
}

function jsonProfileOf(asked: readonly ProfileName[], { names: [name] }: CollectionFormat): ProfileName | undefined {
  if (name === 'geojson') return asked.find(one => isOneOf(jsonProfiles, one))
  return name === 'jsonfg' ? (asked.find(one => one === 'jsonfg' || one === 'jsonfg-plus') ?? 'jsonfg') : undefined
}

/** Links to the profiles that an answer has (RFC 6906); with a type, as all links of features have one (OGC 17-069r4, /req/core/fc-rel-type). */
export const profileLinks = (names: readonly ProfileName[]): readonly Link[] =>
  names.map(name => link(register + name, 'profile', 'text/html', 'Profile of this document'))

/** The header of an answer whose profile is about references alone. */
export const profileHeader = (asked: AskedReferences | undefined): Readonly<Record<string, string>> =>
  asked ? { link: linkHeader(profileLinks([asked.name])) } : {}

const isOneOf = <T extends string>(all: readonly T[], name: string): name is T => all.some(one => one === name)
