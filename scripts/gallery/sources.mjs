// What the scenes are drawn from. `file` is read as it is; `recipe` is made from open data with GDAL, in `prepare.py`, and read by both programs. A `raster` is a file, or a folder with `files`: all of them as one.
const demo = name => `fixtures/demo/${name}`
const village = layer => ({ file: demo('saint-evrault.gpkg'), layer })
const osm = 'shared/bench/osm/liechtenstein-2024-03-03.osm.pbf'
const edigeo = (layer, columns) => ({
  recipe: {
    archive: 'shared/bench/cadastre/edigeo/edigeo-25354000AK01.tar.bz2',
    member: '.THF',
    crs: 'EPSG:2154',
    sql: `SELECT ${lowered(columns)}, geometry FROM ${layer}`,
  },
})
/** EDIGEO has names in capitals; the styles of the cadastre have them small, and not every program takes one for the other. */
const lowered = columns =>
  columns
    .split(', ')
    .map(column => (column.includes(' AS ') ? column : `${column} AS ${column}`))
    .join(', ')
const fromOsm = sql => ({ recipe: { from: osm, crs: 'EPSG:2056', sql } })
const shared = (from, more = {}) => ({ recipe: { from: `shared/${from}`, ...more } })

/** Codes of OCS2D for what OpenStreetMap calls the cover of the ground: real shapes under real styles. */
const cover = `CASE
  WHEN landuse IN ('residential', 'industrial', 'commercial', 'retail', 'railway') THEN 'CS1.1.2'
  WHEN landuse IN ('quarry', 'farmyard', 'landfill', 'construction') THEN 'CS1.2.1'
  WHEN "natural" IN ('bare_rock', 'scree', 'shingle') THEN 'CS2.2.2'
  WHEN "natural" = 'water' THEN 'CS3.1.1'
  WHEN landuse = 'orchard' THEN 'CS4.4.0' WHEN landuse = 'vineyard' THEN 'CS5.2.0'
  WHEN "natural" = 'wood' THEN 'CS4.1.2' WHEN landuse = 'forest' THEN 'CS4.3.2'
  WHEN "natural" IN ('scrub', 'heath') THEN 'CS5.1.1' WHEN "natural" = 'wetland' THEN 'CS6.4.1'
  WHEN landuse = 'meadow' THEN 'CS6.1.1' WHEN "natural" IN ('grassland', 'fell') THEN 'CS6.2.0'
  WHEN landuse = 'farmland' THEN 'CS6.3.0' WHEN landuse = 'grass' OR leisure IN ('park', 'pitch') THEN 'CS6.6.0' END`
const use = `CASE
  WHEN landuse IN ('meadow', 'grass') THEN 'US1.1.1' WHEN landuse = 'farmland' THEN 'US1.1.3'
  WHEN landuse IN ('vineyard', 'orchard') THEN 'US1.1.5' WHEN landuse = 'farmyard' THEN 'US1.1.7'
  WHEN landuse = 'forest' OR "natural" = 'wood' THEN 'US1.2.4' WHEN landuse = 'quarry' THEN 'US1.3.1'
  WHEN landuse = 'industrial' THEN 'US2.1.1' WHEN landuse IN ('commercial', 'retail') THEN 'US2.2.0'
  WHEN amenity IN ('school', 'university') THEN 'US3.1.1' WHEN amenity = 'parking' THEN 'US3.1.4' WHEN landuse = 'cemetery' THEN 'US3.1.3'
  WHEN leisure IN ('park', 'playground') THEN 'US3.2.1' WHEN leisure IN ('pitch', 'sports_centre', 'stadium') THEN 'US3.2.2'
  WHEN landuse = 'railway' THEN 'US4.2.1' WHEN landuse = 'residential' THEN 'US5.2.2'
  WHEN "natural" IN ('water', 'scrub', 'scree', 'bare_rock', 'grassland', 'heath', 'wetland') THEN 'US6.2.3' END`
const enaf = `CASE WHEN landuse = 'residential' THEN 'Uh' WHEN landuse IN ('industrial', 'commercial', 'retail') THEN 'Ue' WHEN landuse = 'railway' THEN 'Ui'
  WHEN landuse = 'forest' OR "natural" = 'wood' THEN 'F' WHEN landuse IN ('farmland', 'meadow', 'vineyard', 'orchard') THEN 'A'
  WHEN landuse = 'grass' THEN 'Ua' ELSE 'N' END`
/** Road classes of Mapbox Streets 7. */
const roadClass = `CASE WHEN highway IN ('residential', 'unclassified', 'living_street', 'road') THEN 'street'
  WHEN highway IN ('motorway_link', 'trunk_link') THEN 'motorway_link' WHEN highway LIKE '%_link' THEN 'link'
  WHEN highway IN ('footway', 'cycleway', 'steps', 'bridleway', 'path') THEN 'path'
  WHEN railway = 'rail' THEN 'major_rail' ELSE highway END`
const structure = `CASE WHEN other_tags LIKE '%"bridge"=>"yes"%' THEN 'bridge' WHEN other_tags LIKE '%"tunnel"=>"yes"%' THEN 'tunnel' ELSE 'none' END`
const ways = 'geometry FROM lines WHERE'
const areas = 'geometry FROM multipolygons WHERE'
const labels = 'ogr_obj_lnk_layer, ogr_atr_val, ogr_angle, ogr_font_size'

export const sources = {
  parcelles: village('parcelles'),
  batiments: village('batiments'),
  routes: village('routes'),
  limite_communale: village('limite_communale'),
  arbres: { file: demo('arbres.geojson') },
  adresses: { file: demo('adresses.geojson') },
  hydrographie: { file: demo('hydrographie.zip') },
  countries: { file: demo('countries.geojson') },
  orthophoto: { raster: demo('orthophoto.tif') },

  ocs: fromOsm(`SELECT osm_id, ${cover} AS cs21, ${use} AS us21, ${cover} AS cs3_2021, ${use} AS us3_2021, ${enaf} AS enaf_2021,
    ${areas} (${cover}) IS NOT NULL ORDER BY ST_Area(geometry) DESC`),
  osm_roads: fromOsm(`SELECT osm_id, name, highway, other_tags, ${ways} highway IS NOT NULL`),
  osm_buildings: fromOsm(`SELECT osm_id, name, ${areas} building IS NOT NULL`),
  road: fromOsm(
    `SELECT name AS name_en, name, ${roadClass} AS class, ${structure} AS structure, '' AS type, 0 AS layer, ${ways} highway IS NOT NULL OR railway = 'rail'`,
  ),
  road_label:
    fromOsm(`SELECT name AS name_en, name, ${roadClass} AS class, '' AS ref, 0 AS reflen, 'default' AS shield, ST_Length(geometry) AS len,
    ${ways} highway IS NOT NULL AND name IS NOT NULL`),
  landuse:
    fromOsm(`SELECT CASE WHEN landuse IN ('forest') OR "natural" = 'wood' THEN 'wood' WHEN leisure = 'park' OR landuse = 'grass' THEN 'park'
    WHEN landuse = 'cemetery' THEN 'cemetery' WHEN amenity = 'school' THEN 'school' WHEN amenity = 'hospital' THEN 'hospital' END AS class, '' AS type,
    ${areas} landuse IN ('forest', 'grass', 'cemetery') OR "natural" = 'wood' OR leisure = 'park' OR amenity IN ('school', 'hospital')`),
  water: fromOsm(`SELECT osm_id, ${areas} "natural" = 'water'`),
  waterway: fromOsm(`SELECT name AS name_en, waterway AS class, '' AS type, ${ways} waterway IN ('river', 'stream', 'canal')`),
  building: fromOsm(`SELECT 'false' AS underground, 'building' AS type, ${areas} building IS NOT NULL`),
  place_label: fromOsm(`SELECT name AS name_en, name, place AS type, 1 AS scalerank, 1 AS localrank, 'E' AS ldir, geometry FROM points
    WHERE place IN ('city', 'town', 'village', 'hamlet', 'suburb')`),

  pci_commune: edigeo('COMMUNE_id', 'idu AS geo_commune, tex2, idu'),
  pci_section: edigeo('SECTION_id', 'idu, tex'),
  pci_lieudit: edigeo('LIEUDIT_id', 'tex'),
  pci_parcelle: edigeo('PARCELLE_id', 'idu, tex, supf'),
  pci_batiment: edigeo('BATIMENT_id', 'dur AS geo_dur, tex'),
  pci_tronfluv: edigeo('TRONFLUV_id', 'tex'),
  pci_tsurf: edigeo('TSURF_id', 'sym AS geo_sym, sym AS symbol, tex'),
  pci_tline: edigeo('TLINE_id', 'sym AS geo_sym, sym AS symbol, tex'),
  pci_zoncommuni: edigeo('ZONCOMMUNI_id', 'tex'),
  pci_borne: edigeo('BORNE_id', 'object_rid'),
  pci_ptcanv: edigeo('PTCANV_id', 'sym AS geo_sym, sym AS symbol, map, ori'),
  pci_symblim: edigeo('SYMBLIM_id', 'sym AS geo_sym, sym AS symbol, ori, ori AS angle'),
  pci_tpoint: edigeo('TPOINT_id', 'sym AS geo_sym, sym AS symbol, ori, ori AS angle, tex'),
  pci_label: edigeo('ID_S_OBJ_Z_1_2_2', labels),
  etalab_parcelles: shared('bench/cadastre/cadastre-91216-parcelles.geojson.gz', { crs: 'EPSG:2154' }),

  communes: shared('demo/admin/communes-grand-est-2018.geojson.gz', {
    crs: 'EPSG:2154',
    sql: `SELECT c.code, c.nom, CAST(p.population AS INTEGER) AS population,
      CAST(p.population AS REAL) * 1e6 / ST_Area(ST_Transform(c.geometry, 2154)) AS densite, c.geometry
      FROM communes_grand_est_2018 c LEFT JOIN '{shared/demo/admin/communes-grand-est-cog.csv}'."communes-grand-est-cog" p
      ON p.code = c.code AND p.type = 'commune-actuelle'`,
  }),
  departements: shared('demo/admin/departements-grand-est-2018.geojson', { crs: 'EPSG:2154' }),
  zone_urba: shared('bench/urbanisme/30014_PLU_20171013/30014_ZONE_URBA_20171013.shp', { crs: 'EPSG:2154' }),
  prescription_surf: shared('bench/urbanisme/30014_PLU_20171013/30014_PRESCRIPTION_SURF_20171013.shp', { crs: 'EPSG:2154' }),
  prescription_lin: shared('bench/urbanisme/30014_PLU_20171013/30014_PRESCRIPTION_LIN_20171013.shp', { crs: 'EPSG:2154' }),
  land: shared('bench/natural-earth/ne_50m_land.geojson.gz'),
  lakes: shared('bench/natural-earth/ne_50m_lakes.geojson.gz'),
  rivers: shared('bench/natural-earth/ne_10m_rivers_europe.geojson.gz', {
    sql: 'SELECT name, scalerank, strokeweig, geometry FROM "ne_10m_rivers_europe.geojson"',
  }),
  cities: shared('bench/natural-earth/ne_50m_populated_places_simple.geojson.gz'),
  restaurants: shared('bench/montpellier/OSM_MTP_Restaurants/OSM_MTP_Restaurants.geojson'),
  quartiers: shared('demo/montpellier/VilleMTP_MTP_SousQuartiers/VilleMTP_MTP_SousQuartiers.geojson'),
  voies: shared('demo/montpellier/VilleMTP_MTP_FilaireVoies/VilleMTP_MTP_FilaireVoies.zip', { crs: 'EPSG:2154' }),
  bati_montpellier: shared('demo/montpellier/VilleMTP_MTP_Batiments/VilleMTP_MTP_Batiments.zip', { crs: 'EPSG:2154' }),
  cours_eau: shared('demo/montpellier/VilleMTP_MTP_CoursEau/VilleMTP_MTP_CoursEau.zip', { crs: 'EPSG:2154' }),
  srtm: { raster: 'shared/bench/dem/srtm_41_19.tif' },
  surface_5m: { raster: 'shared/bench/dem/ign-mns-5m/mns_2023_0299_6802_LA93_IGN69_5m.tif' },
  surface_files: { raster: 'shared/bench/dem/ign-mns-5m', files: '*.tif' },
  height_classes: {
    recipe: {
      classify: 'shared/bench/dem/srtm_41_19.tif',
      classes: [
        [250, 'Coast', '#5aa469'],
        [500, 'Foothills', '#a7c27c'],
        [900, 'Slopes', '#e8dfa0'],
        [1400, 'Heights', '#c99e63'],
        [3000, 'Summits', '#8f5f3c'],
      ],
    },
  },
  naip: { raster: 'shared/bench/ortho/naip-series/m_4709963_se_14_1_20200831.tif' },
  heights: { recipe: { polygonize: 'shared/bench/dem/srtm_41_19.tif', breaks: [250, 500, 900, 1400] } },
}
