import { entriesOf, type Nomenclature } from './nomenclature.js'

/**
 * Zones of urban planning documents (standard CNIG PLU, `typezone`), in the colours the CNIG recommends for small scales. `Ah` and `Nh` come from
 * its editions before 2014: here they are paler than the zones they lie in.
 */
export const urbanZones: Nomenclature = {
  title: 'CNIG PLU, type de zone',
  columns: /^type_?zone$/,
  opacity: 0.6,
  entries: entriesOf(`
    U   #e60000 Zone urbaine
    AU  #ff6565 Zone à urbaniser
    AUc #ff6565 Zone à urbaniser
    AUs #feccbe Zone à urbaniser bloquée
    A   #ffff00 Zone agricole
    Ah  #ffffb0 Secteur habité de la zone agricole
    N   #56aa02 Zone naturelle et forestière
    Nh  #abd580 Secteur habité de la zone naturelle
    Nd  #7fb95c Secteur de la zone naturelle à destination particulière
  `),
}
