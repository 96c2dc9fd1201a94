import { attributeOf, childrenOf, type XmlElement } from '#xml/read.js'
import { textsOf } from './options.js'

/** Notes the paint effects of an element that change what is drawn: none of them is. */
export function noteEffects(element: XmlElement, note: (message: string) => void): void {
  for (const stack of childrenOf(element, 'effect')) {
    if (attributeOf(stack, 'enabled') !== '1') continue
    const kinds = childrenOf(stack, 'effect').flatMap(effect => {
      const type = attributeOf(effect, 'type') ?? ''
      // the plain drawing
      return type === 'drawSource' || textsOf(effect).get('enabled') === '0' ? [] : [type]
    })
    if (kinds.length > 0) note(`the effects ${kinds.join(', ').slice(0, 100)} are not drawn`)
  }
}
