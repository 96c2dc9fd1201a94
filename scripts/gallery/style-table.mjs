import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { languageOf } from '#styles/languages.js'
import { rulesOf } from '#styles/style.js'
import { decodeXml } from '#xml/read.js'
import { pathOf } from './prepare-sources.mjs'

const folders = ['cadastre', 'ocs/sld', 'ocs/qml', 'mapbox-gl']

/** The real styles, each with how many rules were read of it and what was not kept: [{file, language, rules, notes: [text]}]. */
export function styleTable() {
  const rows = []
  for (const folder of folders) {
    const path = pathOf(`shared/styles/${folder}`)
    if (!existsSync(path)) continue
    for (const name of readdirSync(path)
      .filter(name => /\.(sld|qml|json)$/.test(name))
      .sort())
      rows.push(rowOf(`${folder}/${name}`, join(path, name)))
  }
  return rows
}

function rowOf(file, path) {
  const text = decodeXml(readFileSync(path))
  const language = languageOf(path, text)
  try {
    const { styles, notes } = language.read(text)
    const rules = styles.flatMap(({ style }) => rulesOf(style)).length
    return {
      file,
      language: language.name,
      rules,
      notes: notes.map(({ line, path, message }) => `${line ? `${line}: ` : ''}${path}: ${message}`),
    }
  } catch (error) {
    return { file, language: language.name, rules: 0, notes: [`not read: ${error.message}`] }
  }
}
