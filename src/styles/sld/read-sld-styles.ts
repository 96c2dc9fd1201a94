import type { ReadStyles } from '../languages.js'
import { StyleError } from '../style-error.js'
import { readSld } from './read-sld.js'

/** Whether a text looks like SLD or SE: by its root element. */
export function isSld(text: string): boolean {
  return /<(?:[\w.-]+:)?(?:StyledLayerDescriptor|UserStyle|FeatureTypeStyle|CoverageStyle)[\s>]/.test(text.slice(0, 10_000))
}

/** The styles of a file: those it describes, without those it only names. Throws StyleError. */
export function readSldStyles(text: string): ReadStyles {
  const { layers, notes } = readSld(text)
  const styles = layers.flatMap(layer =>
    layer.styles.flatMap(one => {
      if (one.kind === 'named') return []
      return [{ ...(layer.name && { layer: layer.name }), ...(one.name && { name: one.name }), style: one.style }]
    }),
  )
  if (styles.length === 0) throw new StyleError('There is no UserStyle in it; one is wanted.')
  return { styles, notes }
}
