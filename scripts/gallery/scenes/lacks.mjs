/** What QGIS 3.22 does not read of a style, where a difference has that reason. */
export const lacks = {
  patterns: { en: 'QGIS reads no patterns of marks from SLD.', fr: 'QGIS ne lit pas les motifs de symboles d’un SLD.' },
  gaps: { en: 'QGIS adds no size of the mark to the gap.', fr: 'QGIS n’ajoute pas la taille du symbole à l’intervalle.' },
  places: {
    en: 'QGIS reads no places of labels from SLD: they lie on their points.',
    fr: 'QGIS ne lit pas la position des étiquettes d’un SLD : elles sont sur les points.',
  },
  functions: { en: 'QGIS reads no widths and colours that are computed.', fr: 'QGIS ne lit ni largeurs ni couleurs calculées.' },
  turns: {
    en: 'QGIS reads no turns and no filters on text that looks like numbers.',
    fr: 'QGIS ne lit ni rotations ni filtres sur du texte qui ressemble à des nombres.',
  },
  ground: {
    en: 'QGIS reads neither sizes in metres nor characters of fonts.',
    fr: 'QGIS ne lit ni tailles en mètres ni caractères de polices.',
  },
}
