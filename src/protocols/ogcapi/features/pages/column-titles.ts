import type { FeatureSource } from '#core/atlas.js'
import { featureSchema } from '#core/feature-schema.js'
import { type Html, html } from '#protocols/http/html.js'

/** Headings of columns: what their comments call them, with the name beside. */
export function columnTitles(source: FeatureSource): (name: string) => Html {
  const { properties } = featureSchema(source, { purpose: 'schema', id: '' })
  return name => {
    const title = Object.hasOwn(properties, name) ? properties[name].title : name
    return html`${title}${title !== name && html` <small>${name}</small>`}`
  }
}
