/** Words of a column's name in small letters without accents: parted at what is no letter, and where a capital follows a small one. */
export function wordsOf(name: string): readonly string[] {
  return name
    .slice(0, 200)
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(word => word !== '')
}

/** Columns of such names tell things apart, date, place or describe them: they make no classes, whatever they hold. */
export function isNeverAClass(words: readonly string[]): boolean {
  return words.length === 0 || words.some(word => never.has(word) || neverBegins.test(word))
}

/** How much a name promises classes: 0 for names that promise nothing, 3 at most. */
export function classWeight(words: readonly string[]): number {
  if (words.length === 1 && classWords.has(words[0])) return 3
  if (words.some(word => classWords.has(word))) return 2.5
  if (words.some(word => classBegins.test(word))) return 2
  return words.some(word => labelWords.has(word)) ? 1.5 : 0
}

/** How much a name promises a quantity that colours show: 0 for none; rates before sums, which large areas make large. */
export function quantityWeight(words: readonly string[]): number {
  if (isNeverAClass(words)) return 0
  return Math.max(0, ...words.map(word => quantityWords.get(word) ?? 0))
}

const list = (text: string) => text.trim().split(/\s+/)

const never: ReadonlySet<string> = new Set(
  list(`
  id ids gid fid oid pk objectid uuid guid osm ident identifiant num no numero number ref reference code codes cod cd insee siren siret rivoli nic
  nom noms name names prenom surname alias titre title auteur author proprietaire proprio owner exploitant titulaire maire contact civilite sexe
  commune communes com comm ville city municipality dep dept departement department reg region epci canton cantons arrondissement quartier iris section
  pays country state province adm admin sov adresse address adr addr rue voie voi street lieu dit postal postcode cp zip
  tel telephone phone mail email courriel url uri lien link www web website wikipedia fichier file photo image
  date dates dat jour day mois month annee year an heure hour time maj update updated created creation edition millesime version debut fin
  comment comments commentaire note notes remarque observation description descriptio descriptif texte text txt detail other
  x y z lon lat long longitude latitude coord xcoord ycoord geom geometry shape gml
  rank labelrank scalerank order zoom mapcolor color colour couleur symbole symbol style layer parcelle`),
)
/** Of names written as one word: `nomfic`, `datvalid`, `codcomm`, `libquart`. */
const neverBegins =
  /^(nom(?!br|enc)|dat(?!a)|url|num|cod(?!e?(nat|typ|cla|cat))|insee|lib(quart|com|dep|reg|voi|cant|tri)|id(urba|u$)|osm|addr|coord|typvoi|squart)/

const classWords: ReadonlySet<string> = new Set(
  list(`
  type types typ nature natures classe classes class fclass categorie categories category categ cat usage usages statut status etat kind sorte theme regime
  niveau vocation destination destdomi fonction hierarchie occupation landuse landcover amenity leisure natural waterway featurecla featureclass importance
  couverture famille contexte`),
)
const classBegins = /^(typ(e|o)|nature|class|categ|usage|statut|etat|destdom|landuse|landcover|featurecla|occupation|domanial)/
const labelWords: ReadonlySet<string> = new Set(list('libelle lib label intitule'))

const quantityWords: ReadonlyMap<string, number> = new Map([
  ...list('densite density taux rate part pct pourcentage pourcent percent ratio').map(word => [word, 3] as const),
  ...list('population populations pop populat habitants hab').map(word => [word, 2.9] as const),
  ...list('montant prix price cout loyer revenu effectif effectifs capacite trafic tmja debit puissance consommation temperature').map(
    word => [word, 2.5] as const,
  ),
  ...list('nb nbr nbre nombre count').map(word => [word, 2] as const),
  ...list('altitude alti elevation ele hauteur height').map(word => [word, 1.5] as const),
])
