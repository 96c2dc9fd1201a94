import type { Told } from '../told-in.js'

/** What may be wrong with what a page is asked, beside its filter. */
export const requests: Told = [
  // anything
  ['The request took longer than this server allows.', 'La requête a pris plus de temps que ce serveur n’en accorde.'],
  [
    'The disk of this server has no room for what this takes; try again later, or ask for fewer features.',
    'Le disque de ce serveur n’a pas la place qu’il faut ; réessayez plus tard, ou demandez moins d’objets.',
  ],
  [
    'Something went wrong inside the server; the log has the details under the request id.',
    'Quelque chose s’est mal passé dans le serveur ; son journal en dit plus.',
  ],
  ['{} is not a parameter here.{}', '« {1} » n’est pas un paramètre ici.{~2}'],
  [' {} would be.', ' Il y a {1}.'],
  ['f={} is not a format here; {} would work.', '« f={1} » n’est pas un format d’ici ; {2} irait.'],
  ['Nothing of what Accept takes is there; there is {}.', 'Rien de ce qu’accepte l’en-tête Accept n’existe ici ; il y a {1}.'],
  [
    'This name and password, or this key, is not known here. Without them, everything can be read.',
    'Ce nom et ce mot de passe, ou cette clé, sont inconnus ici. Sans eux, tout peut être lu.',
  ],
  // what there is
  ['There is no collection «{}» here{}.', 'Il n’y a pas de collection « {1} » ici{~2}.'],
  ['There is no collection «{}» with a map here.', 'Il n’y a pas ici de collection « {1} » qui ait une carte.'],
  ['There is no feature «{}» in {}.', 'Il n’y a pas d’objet « {1} » dans {2}.'],
  ['There is no feature «{}» in {} any more.', 'Il n’y a plus d’objet « {1} » dans {2}.'],
  [
    'The collection {} is a raster: it has no features, but maps and tiles.',
    'La collection {1} est une image : elle n’a pas d’objets, mais des cartes et des tuiles.',
  ],
  ['There is no tile matrix set «{}»; {} would work.', 'Il n’y a pas de grille de tuiles « {1} » ; {2} irait.'],
  // pages
  ['{}={} is not a number from 0 to {}.', '« {1}={2} » n’est pas un nombre de 0 à {3}.'],
  ['{}={} {}.', '{1}={2} {~3}.'],
  [
    'This cursor is {}, or begin with the first page, without a cursor.',
    'Ce curseur {~1}, ou commencez par la première page, sans curseur.',
  ],
  // place, time, reference system
  ['bbox {}.', 'L’emprise (bbox) {~1}.'],
  [
    'datetime {}; 2024-06-15T12:00:00Z, 2024-06-15 and 2024-01-01/.. would work.',
    'Le moment (datetime) {~1} ; 2024-06-15T12:00:00Z, 2024-06-15 et 2024-01-01/.. iraient.',
  ],
  ['{}={} is no reference system of {}; {} would work.', '« {1}={2} » n’est pas un système de référence de la collection {3} ; {4} irait.'],
  // words, order, properties
  ['q may have {} characters; it has {}.', 'La recherche (q) peut avoir {1} caractères ; elle en a {2}.'],
  [
    'q holds no word to search for; q=école,collège asks for either word, q=école primaire for both.',
    'La recherche (q) ne contient aucun mot ; q=école,collège cherche l’un ou l’autre, q=école primaire les deux.',
  ],
  ['q may have {} words; it has {}.', 'La recherche (q) peut avoir {1} mots ; elle en a {2}.'],
  ['There are no texts to search here; ask by filter.', 'Il n’y a pas de textes où chercher ici ; passez par le filtre.'],
  ['sortby may name {} properties; there are more.', 'Le tri (sortby) peut nommer {1} propriétés ; il y en a plus.'],
  ['sortby has an empty name; sortby=+nom,-pop would work.', 'Le tri (sortby) a un nom vide ; sortby=+nom,-pop irait.'],
  ['Features cannot be sorted by {}: its values have no order.', 'On ne peut pas trier par {1} : ses valeurs n’ont pas d’ordre.'],
  ['{}={} is not of the type of {}; {} would be.', '« {1}={2} » n’est pas du type de {3} ; {4} le serait.'],
  ['filter-lang={} is not known; cql2-text and cql2-json would work.', '« filter-lang={1} » est inconnu ; cql2-text et cql2-json iraient.'],
  ['filter is no JSON, which filter-lang=cql2-json says it is.', 'Le filtre n’est pas du JSON, alors que filter-lang=cql2-json le dit.'],
  // groups and values
  [
    '{} {}; names and functions with commas between them would work, as in nature,month(jour).',
    '« {1} » {~2} ; des noms et des fonctions séparés par des virgules iraient, comme nature,month(jour).',
  ],
  ['property is missing; property={} would work.', 'Il manque « property » ; property={1} irait.'],
  ['{} is there twice; one, with commas, would work.', '« {1} » est là deux fois ; une seule, avec des virgules, irait.'],
  ['limit={} is none; 1 to {} would work.', '« limit={1} » n’en est pas une ; de 1 à {2} irait.'],
  ['{} in {} wants {} in brackets.', '« {1} » dans {2} veut {~3} entre parenthèses.'],
  ['“{}” is no function of {}; {}.', '« {1} » n’est pas une fonction de {2} ; {~3}.'],
  [
    'The features of this collection cannot be put together in groups.',
    'Les objets de cette collection ne peuvent pas être mis en groupes.',
  ],
  ['group-by may name {} columns; it names {}.', '« group-by » peut nommer {1} colonnes ; il en nomme {2}.'],
  ['measures may be {}; there are {}.', '« measures » peut en avoir {1} ; il y en a {2}.'],
  ['measures is empty; measures=count would work.', '« measures » est vide ; measures=count irait.'],
  ['{} is asked for twice.', '« {1} » est demandé deux fois.'],
  ['{} cannot be asked of {}, which is of kind {}{}.', '{~1} ne peut pas être demandé de {2}, qui est de type {3}{~4}.'],
  ['bins may be 2 to {}.', '« bins » va de 2 à {1}.'],
  [
    'A width is a number above 0, as 100 or 0.5; it is “{}”.',
    'Une largeur est un nombre au-dessus de 0, comme 100 ou 0.5 ; c’est ici « {1} ».',
  ],
  ['“{}” is no time zone; UTC or Europe/Paris would work.', '« {1} » n’est pas un fuseau horaire ; UTC ou Europe/Paris irait.'],
  [
    'The share of a percentile is a number from 0 to 1, as in percentile(pop,0.9).',
    'La part d’un percentile est un nombre de 0 à 1, comme dans percentile(pop,0.9).',
  ],
  ['There are no geometries here to have an extent.', 'Il n’y a pas ici de géométries qui aient une emprise.'],
  // the database
  [
    'The database refused a statement of the server; the log has the details.',
    'La base de données a refusé une demande du serveur ; son journal en dit plus.',
  ],
  [
    'The database took longer than it is allowed; ask for less at a time.',
    'La base de données a pris plus de temps qu’il ne lui en est accordé ; demandez moins à la fois.',
  ],
  [
    'The table has changed since it was published; reload the configuration.',
    'La table a changé depuis qu’elle est publiée ; il faut relire la configuration.',
  ],
  ['The database could not work with the data of this table.', 'La base de données n’a pas pu travailler avec les données de cette table.'],
  [
    'The database {} has no connection left; raise its limit, or lower poolSize.',
    'La base de données {1} n’a plus de connexion libre ; relevez sa limite, ou baissez poolSize.',
  ],
  ['The database {} cannot answer now; try again shortly.', 'La base de données {1} ne peut pas répondre maintenant ; réessayez bientôt.'],
  ['The database {} {}; try again shortly.', 'La base de données {1} {~2} ; réessayez bientôt.'],
]

/** What stands in the holes of these. */
export const requestPieces: Told = [
  [
    'is for files such as csv or gpkg, not for {}; 1 to {} would work',
    'est pour des fichiers comme csv ou gpkg, pas pour {1} ; de 1 à {2} irait',
  ],
  ['is below 1; 1 to {} would work', 'est en dessous de 1 ; de 1 à {1} irait'],
  ['is not a whole number; {}', 'n’est pas un nombre entier ; {~1}'],
  ['1 to {} would work', 'de 1 à {1} irait'],
  ['0 would work', '0 irait'],
  [
    'is too large; the links to the next page have no such bound',
    'est trop grand ; les liens vers la page suivante n’ont pas cette limite',
  ],
  ['is not known; results and hits would work', 'est inconnu ; results et hits iraient'],
  [
    'none that this server gave out. Take it from the link “next” of a page as it is',
    'ne vient pas de ce serveur. Prenez-le tel quel du lien « page suivante »',
  ],
  [
    'of another collection or other filters. Keep them as they are from page to page',
    'est d’une autre collection ou d’autres filtres. Gardez-les d’une page à l’autre',
  ],
  ['of another order. Keep sortby as it is from page to page', 'est d’un autre ordre. Gardez « sortby » d’une page à l’autre'],
  [
    'is not four numbers, or six with heights, as in bbox=5.9,48.9,6.3,49.2',
    'n’est pas faite de quatre nombres, ou de six avec les altitudes, comme dans bbox=5.9,48.9,6.3,49.2',
  ],
  ['has its {} number above the one opposite', 'a son {~1} nombre au-dessus de celui d’en face'],
  ['lies outside of the world; its order is {} here', 'est en dehors du monde ; l’ordre est ici {~1}'],
  ['has more than {} characters', 'a plus de {1} caractères'],
  ['has a quote that does not end', 'a un guillemet qui ne se ferme pas'],
  ['has a bracket that does not end', 'a une parenthèse qui ne se ferme pas'],
  ['lacks a name', 'manque d’un nom'],
  ['lacks a comma', 'manque d’une virgule'],
  [' Near it are {}', ' Proche : {1}'],
  ['; {} is near it', ' ; {1} en est proche'],
  ['first', 'premier'],
  ['second', 'deuxième'],
  ['latitude, longitude', 'latitude, longitude'],
  ['longitude, latitude', 'longitude, latitude'],
  ['has more than two ends', 'a plus de deux bouts'],
  ['has “{}”, which is no moment', 'contient « {1} », qui n’est pas une date'],
  ['has no moment', 'est vide'],
  ['has no end at all', 'n’a aucun bout'],
  ['has its ends the wrong way round', 'a ses deux bouts à l’envers'],
  ['the name of a property', 'le nom d’une propriété'],
  ['the name of a property and a number', 'le nom d’une propriété et un nombre'],
  ['there are {}', 'il y a {1}'],
  ['{} is near it', '{1} en est proche'],
  ['A width', 'Une largeur'],
  ['A {}', 'Par « {1} »'],
  ['; it could be of {}', ' ; il pourrait l’être de {1}'],
  ['does not answer', 'ne répond pas'],
  ['cannot be reached', 'est hors d’atteinte'],
]
