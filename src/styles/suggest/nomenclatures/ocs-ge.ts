import { entriesOf, type Nomenclature } from './nomenclature.js'

/** OCS GE, land cover, in the colours of the IGN. */
export const ocsGeCover: Nomenclature = {
  title: 'OCS GE, couverture du sol',
  columns: /^((code_?)?cs(_?\d{2,4})?|cs_(debut|fin)|couverture(_sol)?)$/,
  opacity: 0.75,
  entries: entriesOf(`
    CS1.1.1.1 #ff377a Zones bâties
    CS1.1.1.2 #ff9191 Zones non bâties
    CS1.1.2.1 #ffff99 Zones à matériaux minéraux
    CS1.1.2.2 #a64d00 Zones à autres matériaux composites
    CS1.2.1   #cccccc Sols nus
    CS1.2.2   #00ccf2 Surfaces d’eau
    CS1.2.3   #a6e6cc Névés et glaciers
    CS2.1.1.1 #80ff00 Peuplements de feuillus
    CS2.1.1.2 #00a600 Peuplements de conifères
    CS2.1.1.3 #80be00 Peuplements mixtes
    CS2.1.2   #a6ff80 Formations arbustives et sous-arbrisseaux
    CS2.1.3   #e68000 Autres formations ligneuses
    CS2.2.1   #ccf24d Formations herbacées
    CS2.2.2   #cafcca Autres formations non ligneuses
  `),
}

/** OCS GE, land use. */
export const ocsGeUse: Nomenclature = {
  title: 'OCS GE, usage du sol',
  columns: /^((code_?)?us(_?\d{2,4})?|us_(debut|fin)|usage(_sol)?)$/,
  opacity: 0.75,
  entries: entriesOf(`
    US1.1   #ffffa8 Agriculture
    US1.2   #008000 Sylviculture
    US1.3   #a600cc Activités d’extraction
    US1.4   #000099 Pêche et aquaculture
    US1.5   #996633 Autres productions primaires
    US2     #e6004d Production secondaire
    US235   #e6004d Production secondaire, tertiaire et usage résidentiel
    US3     #ff8c00 Production tertiaire
    US4.1.1 #cc0000 Réseaux routiers
    US4.1.2 #5a5a5a Réseaux ferrés
    US4.1.3 #e6cce6 Réseaux aériens
    US4.1.4 #0066ff Réseaux de transport fluvial et maritime
    US4.1.5 #660033 Autres réseaux de transport
    US4.2   #ff0000 Services de logistique et de stockage
    US4.3   #ff4b00 Réseaux d’utilité publique
    US5     #be0961 Usage résidentiel
    US6.1   #ff4dff Zones en transition
    US6.2   #404040 Zones abandonnées
    US6.3   #f0f028 Sans usage
    US6.6   #ffcc00 Usage inconnu
  `),
}
