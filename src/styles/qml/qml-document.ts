import { readXml, type XmlElement, XmlError } from '#xml/read.js'
import { StyleError } from '../style-error.js'

/** Styles hold every symbol twice, and pictures inside. */
const limits = { bytes: 16e6, nodes: 600_000, depth: 100 }

/** The line QGIS begins its styles with: a DOCTYPE without declarations of its own. Others are left for the XML reader to refuse. */
const docType = /^(\uFEFF?\s*(?:<\?xml[^<>]*\?>)?\s*)<!DOCTYPE\s+qgis(?:\s+(?:PUBLIC|SYSTEM))?(?:\s+(?:'[^'<>[\]]*'|"[^"<>[\]]*"))*\s*>/

/** The root element of a QML file. Throws StyleError. */
export function readQmlDocument(text: string): XmlElement {
  const root = parsed(text.replace(docType, '$1'))
  if (root.name !== 'qgis') throw new StyleError(`The document is no style of QGIS: its root is <${root.name.slice(0, 40)}>, not <qgis>.`)
  return root
}

function parsed(text: string): XmlElement {
  try {
    return readXml(text, limits)
  } catch (error) {
    if (error instanceof XmlError) throw new StyleError(error.message)
    throw error
  }
}
