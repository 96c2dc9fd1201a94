export { openFeatureFile } from './open-feature-file.js'
export type { OpenOptions } from './reader.js'
export { featureReaders } from './reader-list.js'
export { type Recognition, recognise } from './recognise.js'
