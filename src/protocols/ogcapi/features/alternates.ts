import { type FindFeatures, featureHead } from '#core/find-features.js'
import { type CollectionFormat, collectionFormats, type FeatureJob, type Link } from '#formats/features/index.js'
import { link } from '../common/documents.js'

/** Links to the same as a page and in the other formats, those that can hold it. `at`: the address with another `f`. */
export function alternates(
  format: CollectionFormat,
  find: FindFeatures,
  options: FeatureJob['options'],
  at: (f: string) => string,
): readonly Link[] {
  const plain = { ...options, parameters: new Map<string, string>() }
  const others = collectionFormats.filter(other => {
    const head = featureHead(other.crs !== undefined && find.crs !== undefined ? { ...find, crs: other.crs } : find)
    return other !== format && other.obstacle?.(head, plain) === undefined
  })
  return [
    link(at('html'), 'alternate', 'text/html', 'HTML'),
    ...others.map(({ names, mediaTypes, title }) => link(at(names[0]), 'alternate', mediaTypes[0], title)),
  ]
}
