import { entriesOf, type Nomenclature } from './nomenclature.js'

/** OCS2D of Hauts-de-France, land cover: codes of level 3, drawn by the classes of level 2 in the colours of the region. */
export const ocs2dCover: Nomenclature = {
  title: 'OCS2D, couvert du sol',
  columns: /^((code_?)?cs\d?(_?\d{2,4})?|couvert(ure)?)$/,
  opacity: 0.75,
  entries: entriesOf(`
    CS1.1|CS1.1.1|CS1.1.2 #ff9191 Surfaces imperméables
    CS1.2|CS1.2.1|CS1.2.2 #b4820f Surfaces perméables
    CS2.1|CS2.1.1|CS2.1.2|CS2.1.3 #ffff73 Sable - dunes - limons
    CS2.2|CS2.2.1|CS2.2.2 #b2b2b2 Pierres - rochers - falaises
    CS3.1|CS3.1.1|CS3.1.2 #73b2ff Eaux continentales
    CS3.2|CS3.2.1|CS3.2.2 #ccffff Eaux maritimes
    CS4.1|CS4.1.1|CS4.1.2|CS4.1.3 #38a800 Feuillus
    CS4.2|CS4.2.1|CS4.2.2 #00734c Conifères
    CS4.3|CS4.3.1|CS4.3.2 #64d237 Peuplements mixtes
    CS4.4|CS4.4.0 #e6e600 Vergers
    CS5.1|CS5.1.1|CS5.1.2|CS5.1.3 #737300 Landes - fourrés et broussailles
    CS5.2|CS5.2.0 #fcb66b Vignes
    CS6.1|CS6.1.1|CS6.1.2 #e9ffbe Prairies
    CS6.2|CS6.2.0 #aacd66 Pelouses naturelles
    CS6.3|CS6.3.0 #ffffd2 Terres arables
    CS6.4|CS6.4.1|CS6.4.2 #d1ff73 Formations herbacées humides
    CS6.5|CS6.5.0 #ffd37f Formations herbacées sur dunes
    CS6.6|CS6.6.0 #fff0c4 Autres couverts à dominante herbacée
  `),
}

/** OCS2D, land use. */
export const ocs2dUse: Nomenclature = {
  title: 'OCS2D, usage du sol',
  columns: /^((code_?)?us\d?(_?\d{2,4})?|usage)$/,
  opacity: 0.75,
  entries: entriesOf(`
    US1.1|US1.1.1|US1.1.2|US1.1.3|US1.1.4|US1.1.5|US1.1.6|US1.1.7 #ffffe1 Agriculture
    US1.2|US1.2.1|US1.2.2|US1.2.3|US1.2.4 #46b40a Sylviculture
    US1.3|US1.3.1|US1.3.2 #6e6e6e Activités d’extraction
    US1.4|US1.4.0 #97dbf2 Aquaculture - pisciculture
    US2.1|US2.1.1|US2.1.2|US2.1.3|US2.1.4|US2.1.5 #8400a8 Zones industrielles et d’activités économiques
    US2.2|US2.2.0 #a80084 Zones commerciales
    US3.1|US3.1.1|US3.1.2|US3.1.3|US3.1.4|US3.1.5|US3.1.6 #ffaa00 Services publics - équipements collectifs
    US3.2|US3.2.1|US3.2.2|US3.2.3|US3.2.4|US3.2.5 #f5ca7a Loisirs et services culturels
    US4.1|US4.1.1|US4.1.2 #fafafa Routier
    US4.2|US4.2.1|US4.2.2 #686868 Ferré
    US4.3|US4.3.0 #b2b2b2 Aérien
    US4.4|US4.4.0 #73b2ff Fluvial et maritime
    US4.5|US4.5.0 #cccccc Espaces associés aux réseaux de transports
    US5.1|US5.1.1|US5.1.2|US5.1.3 #a80000 Tissu urbain continu
    US5.2|US5.2.1|US5.2.2|US5.2.3 #fa6e6e Tissu urbain discontinu
    US5.3|US5.3.1|US5.3.2 #cd6666 Ensembles collectifs
    US5.4|US5.4.0 #cd3c5a Habitat isolé
    US6.1|US6.1.1|US6.1.2 #ead9f7 Zones en mutation
    US6.2|US6.2.1|US6.2.2|US6.2.3 #d9bfec Zones délaissées
    US7.0|US7.0.0 #e6e6e6 Usages indéterminés
  `),
}
