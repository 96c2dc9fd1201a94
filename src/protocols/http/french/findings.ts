import type { Told } from '../told-in.js'

/** What is found about a source: what will hurt, and why it may not be published. Cures that are commands stay as they are. */
export const findings: Told = [
  // tables
  [
    'Whether {} has a spatial index cannot be told: {}.{} is a view. Index the table behind it.',
    'On ne peut pas savoir si {1} a un index spatial : {2}.{3} est une vue. Indexez la table qui est derrière.',
  ],
  [
    'Column {} has no spatial index: every map reads the whole table.',
    'La colonne {1} n’a pas d’index spatial : chaque carte lit toute la table.',
  ],
  [
    'Column {} may hold any geometry type: some clients show only the first they meet.',
    'La colonne {1} peut contenir toute sorte de géométries : certains logiciels ne montrent que la première qu’ils rencontrent.',
  ],
  ['{}.{} seems to be empty.', '{1}.{2} semble vide.'],
  [
    'Its extent is not known: clients start with the area of its CRS.',
    'Son emprise n’est pas connue : les logiciels partent de l’étendue de son système de référence.',
  ],
  ['ANALYZE in the database, or "extent" in the config', 'ANALYZE dans la base, ou « extent » dans la configuration'],
  ['{}.{} has no key: {}.', '{1}.{2} n’a pas de clé : {~3}.'],
  ['in the config: collections: { "{}": { id: COLUMN } }', 'dans la configuration : collections: { "{1}": { id: COLUMN } }'],
  [
    'in the config: stores: { local: { kind: embedded } } and state: { store: local }, or a PostGIS store',
    'dans la configuration : stores: { local: { kind: embedded } } et state: { store: local }, ou une base PostGIS',
  ],
  ['{}: {}', '{1}: {~2}'],
  ['Column {} has no known SRID and is not served.', 'La colonne {1} n’a pas de SRID connu et n’est pas servie.'],
  ['The coordinates of {} do not lie where {} is used.{}', 'Les coordonnées de {1} ne sont pas là où {2} s’emploie.{~3}'],
  [' They may be in {}.', ' Elles sont peut-être en {1}.'],
  ['{} cannot be reprojected: {}', '{1} ne peut pas être reprojeté : {~2}'],
  [
    '{} ({}) is shifted by parameters {}: the datum grid {} ({} m) is not installed.',
    '{1} ({2}) est décalé par des paramètres {~3} : la grille {4} ({5} m) n’est pas installée.',
  ],
  [
    '{} ({}) has no datum known to this server: it is taken as WGS 84.',
    '{1} ({2}) n’a pas de référentiel connu de ce serveur : il est pris pour WGS 84.',
  ],
  ['{} ({}) is shifted by parameters of unknown accuracy.', '{1} ({2}) est décalé par des paramètres d’exactitude inconnue.'],
  ['The database user may not read {}.{}.', 'L’utilisateur de la base n’a pas le droit de lire {1}.{2}.'],
  [
    'Column {} has no SRID, so nobody can know where its coordinates are. Set it in the database (import with --crs EPSG:n where it was a file), or name it first in the collection\'s "crs".',
    'La colonne {1} n’a pas de SRID : personne ne peut savoir où sont ses coordonnées. Donnez-le dans la base (import avec --crs EPSG:n si c’était un fichier), ou nommez-le en premier dans le « crs » de la collection.',
  ],
  ['Column {} has the SRID {}, which is not a known EPSG code.', 'La colonne {1} a le SRID {2}, qui n’est pas un code EPSG connu.'],
  ['{}.{} has no column {}; it has {}.', '{1}.{2} n’a pas de colonne {3} ; elle a {4}.'],
  ['Column {} holds no geometry; geometry columns: {}.', 'La colonne {1} ne contient pas de géométries ; celles qui en ont : {2}.'],
  [
    'Its "filter" cannot be asked of it, so nothing of it is published. {}',
    'Son « filter » ne peut pas lui être demandé : rien n’en est publié. {~1}',
  ],
  ['There is no collection {}.', 'Il n’y a pas de collection {1}.'],
  [
    'The file changed, but what it holds now could not be loaded: {}',
    'Le fichier a changé, mais son contenu actuel n’a pas pu être chargé : {~1}',
  ],
  // styles
  [
    'No style is given, so it is drawn by {}. To have it otherwise, change what the command writes, and put it beside the file or name it in the config.',
    'Aucun style n’est donné : le dessin suit {~1}. Pour en changer, modifiez ce qu’écrit la commande, et mettez-le à côté du fichier ou nommez-le dans la configuration.',
  ],
  ['In the style "{}": {}', 'Dans le style « {1} » : {2}'],
  [
    'The style "{}" shows bands that the raster does not have; it has {}. It is left out.',
    'Le style « {1} » montre des bandes que l’image n’a pas ; elle en a {2}. Il est laissé de côté.',
  ],
  ['{} is not drawn with: {}', '{1} ne sert pas au dessin : {2}'],
  // dimensions
  ['The dimension {} is not served: {}', 'La dimension {1} n’est pas servie : {~2}'],
  ['no file of it has a date.', 'aucun de ses fichiers n’a de date.'],
  ['its column is not there.', 'sa colonne n’est pas là.'],
  ['its two columns are of different kinds.', 'ses deux colonnes sont de types différents.'],
  // rasters
  ['"{}" does not name its reference system.', '« {1} » ne dit pas son système de référence.'],
  [
    '"{}": its reference system "{}" has no code that is known here.',
    '« {1} » : son système de référence « {2} » n’a pas de code connu ici.',
  ],
  [
    '"{}" ({} x {} pixels) has no overviews: small scales are slow or refused.',
    '« {1} » ({2} x {3} pixels) n’a pas d’aperçus : les petites échelles sont lentes ou refusées.',
  ],
  [
    '"{}" is stored in strips, not in tiles: every map reads whole rows.',
    '« {1} » est rangé en bandes et non en tuiles : chaque carte lit des lignes entières.',
  ],
  [
    '"{}" has a mask, but not all of its overviews have one: at their scales what is masked is drawn.',
    '« {1} » a un masque, mais ses aperçus n’en ont pas tous : à leurs échelles, ce qui est masqué est dessiné.',
  ],
  [
    '"{}" has no nodata value, mask or alpha band: where it holds nothing it is drawn in its fill colour.',
    '« {1} » n’a ni valeur « nodata », ni masque, ni bande alpha : là où il est vide, sa couleur de remplissage est dessinée.',
  ],
  ['"{}" contains {} images; the first is published.', '« {1} » contient {2} images ; la première est publiée.'],
  [
    '"{}" is cut off: it has {} bytes, and its last block would end at {}. Maps of what is missing are refused, a mosaic leaves the file out.',
    '« {1} » est tronqué : il a {2} octets, et son dernier bloc finirait à {3}. Les cartes de ce qui manque sont refusées, une mosaïque laisse le fichier de côté.',
  ],
  ['The file copied anew, whole.', 'Le fichier copié de nouveau, en entier.'],
  ['{} So it is with {} files of {}.', '{~1} C’est le cas de {2} fichiers sur {3}.'],
  ['So it is with {} more files.', 'C’est aussi le cas de {1} autres fichiers.'],
  [
    'Nothing says where its pixels are. Name the reference system first in the "crs" of the collection, or in the file.',
    'Rien ne dit où sont ses pixels. Nommez le système de référence en premier dans le « crs » de la collection, ou dans le fichier.',
  ],
  [
    '{} are no tiles of {}: every tile is drawn (1 ms of processor or more) instead of sent as it is stored (0.3 ms).',
    '{~1} ne sont pas des tuiles de {~2} : chaque tuile est dessinée (1 ms de processeur ou plus) au lieu d’être envoyée telle quelle (0,3 ms).',
  ],
  [
    '{} overview tiles are of files that have changed since: maps of small scales show what was there before.',
    '{1} tuiles d’aperçu sont de fichiers qui ont changé depuis : les cartes à petite échelle montrent l’état d’avant.',
  ],
  [
    'It has {} files and no overviews of all together{}: maps that touch more than {} of them are refused.',
    'Elle a {1} fichiers et pas d’aperçus de l’ensemble{~2} : les cartes qui en touchent plus de {3} sont refusées.',
  ],
  ['{} differs from {} in its bands, and is left out.', '{1} diffère de {2} par ses bandes, et est laissé de côté.'],
  [
    'The heads of its {} files are read at every start, because state is kept nowhere.',
    'Les en-têtes de ses {1} fichiers sont lus à chaque démarrage, car rien n’est gardé d’une fois à l’autre.',
  ],
  ['No GeoTIFF: {}.', 'Pas de GeoTIFF : {~1}.'],
  // files
  ['It could not be read.', 'Cela n’a pas pu être lu.'],
  ['"{}" cannot be read as a GeoTIFF.', '« {1} » ne se lit pas comme un GeoTIFF.'],
  [
    '{}: packed rasters are not read; the GeoTIFF itself would have worked.',
    '{1} : une image compressée n’est pas lue ; le GeoTIFF lui-même irait.',
  ],
  ['{}: {} is not read; GeoTIFF would have worked{}', '{1} : {2} n’est pas lu ; un GeoTIFF irait{3}'],
  ['There is no file here that could be published.', 'Il n’y a pas ici de fichier qui puisse être publié.'],
  [
    'Files that hold no features and no rasters are not looked at: {}.',
    'Les fichiers qui ne contiennent ni objets ni images ne sont pas regardés : {1}.',
  ],
  [
    '{} is no data file known here; GeoPackage, GeoJSON or GeoTIFF would have worked.',
    '{1} n’est pas un fichier de données connu ici ; GeoPackage, GeoJSON ou GeoTIFF irait.',
  ],
  ['This is neither a file nor a folder.', 'Ce n’est ni un fichier ni un dossier.'],
  ['Folders are looked into {} levels deep, no deeper.', 'Les dossiers sont regardés sur {1} niveaux, pas plus.'],
  [
    'More than {} files: the rest was not looked at. Name the folders that hold data.',
    'Plus de {1} fichiers : le reste n’a pas été regardé. Nommez les dossiers qui contiennent des données.',
  ],
  ['There is no such file or folder.', 'Il n’y a pas de tel fichier ou dossier.'],
  ['It may not be read: the permissions say no.', 'Les droits ne permettent pas de le lire.'],
  ['It is a link to itself.', 'C’est un lien vers lui-même.'],
  ['It cannot be read ({}).', 'Cela ne peut pas être lu ({1}).'],
  ['The store {} has no table or view {}.{}', 'Le magasin {1} n’a pas de table ni de vue {2}.{~3}'],
  [' There is {}.', ' Il y a {1}.'],
  [' Check its name, its schema and who may read it.', ' Vérifiez son nom, son schéma et qui peut la lire.'],
  [
    "There is no table or view with a geometry {} that this user may see. Check the schemas and the user's rights.",
    'Il n’y a pas de table ni de vue avec une géométrie {~1} que cet utilisateur puisse voir. Vérifiez les schémas et les droits de l’utilisateur.',
  ],
]

/** What stands in the holes of these. */
export const findingPieces: Told = [
  ['its features have no id', 'ses objets n’ont pas d’identifiant'],
  ['feature ids change when the table is rewritten', 'les identifiants changent quand la table est réécrite'],
  ['of unknown accuracy', 'd’exactitude inconnue'],
  ['good to {} m', 'exacts à {1} m'],
  ['Its blocks', 'Ses blocs'],
  ['Blocks of its files', 'Les blocs de ses fichiers'],
  ['Blocks of {} in {} files', 'Les blocs de {1} fichiers sur {2}'],
  ['{} or of a grid of {} ({})', '{1} ou d’une grille de {2} ({3})'],
  [', or not all of them', ', ou pas tous'],
  ['its store has no "root" to look in', 'son magasin n’a pas de « root » où chercher'],
  ['nothing below the root of its store matches {}', 'rien sous la racine de son magasin ne répond à {1}'],
  ['in the schemas {}', 'dans les schémas {1}'],
  ['in any schema', 'dans aucun schéma'],
]
