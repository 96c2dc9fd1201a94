"""What QGIS makes of OGC API Features: loads layers, pages through them, asks for a box, identifies, filters. Each is compared with what QGIS reads of the
file that was published. Prints a JSON object for each layer.

usage: qgis_features.py ADDRESS FOLDER
"""
import json
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QGIS_CUSTOM_CONFIG_PATH"] = sys.argv[2]  # a profile, and a cache, of its own
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeatureRequest,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import NULL

DEGREES = QgsCoordinateReferenceSystem("EPSG:4326")
VILLAGE = QgsRectangle(5.534722235, 48.898663436, 5.540350854, 48.902143142)
DEMO = "fixtures/demo"
LAYERS = (
    # address below the server, collection, file, key, filter
    ("", "ws:parcelles", f"{DEMO}/saint-evrault.gpkg|layername=parcelles", "idu", "\"section\" = 'AA' AND \"contenance\" > 1000"),
    ("cadastre/", "ws:batiments", f"{DEMO}/saint-evrault.gpkg|layername=batiments", "fid", "\"usage\" = 'Religieux'"),
    ("datasets/arbres/", "arbres", f"{DEMO}/arbres.geojson", "id", "\"essence\" LIKE 'Fr%' AND \"hauteur\" > 12"),
    ("", "population", f"{DEMO}/population-communes.csv", "code_insee", "to_int(\"population_2021\") > 2000"),
)


def value(of):
    """Numbers as numbers, however a file writes them, else text."""
    if of is None or of == NULL or of == "":
        return None
    try:
        return float(str(of).replace(",", "."))
    except (TypeError, ValueError):
        return of.toString("yyyy-MM-dd") if hasattr(of, "toString") else str(of)


def read(layer, key, names, to, request=None):
    """Features by their key: values and, in degrees, the geometry."""
    found = {}
    for feature in layer.getFeatures(request or QgsFeatureRequest()):
        geometry = feature.geometry()
        if to:
            geometry.transform(to)
        found[str(feature[key])] = ([value(feature[name]) for name in names], geometry)
    return found


def alike(found, wanted):
    """Which features are missing, too many or differ, and whether the others lie at the same places."""
    if set(found) != set(wanted):
        return {"missing": len(set(wanted) - set(found)), "further": len(set(found) - set(wanted))}
    differing = [(found[key][0], wanted[key][0]) for key in wanted if found[key][0] != wanted[key][0]]
    apart = [found[key][1].hausdorffDistance(wanted[key][1]) for key in wanted if not wanted[key][1].isEmpty()]
    return {"count": len(found), "differing": differing[:3], "near": max(apart, default=0) < 2e-8}


def look(address, path, name, file, key, expression):
    uri = f"url='{address}/{path}' typename='{name}' version='OGC_API_FEATURES' restrictToRequestBBOX='1'"
    layer = QgsVectorLayer(uri, name, "OAPIF")
    source = QgsVectorLayer(file, "source", "ogr")
    seen = {"name": name, "valid": layer.isValid(), "source": source.isValid()}
    if not (layer.isValid() and source.isValid()):
        return seen
    seen["crs"] = layer.crs().authid()
    seen["fields"] = {field.name(): field.typeName() for field in layer.fields()}
    seen["count"] = [layer.featureCount(), source.featureCount()]
    names = [field.name() for field in source.fields() if field.name() in seen["fields"]]
    seen["compared"] = len(names)
    to = QgsCoordinateTransform(source.crs(), DEGREES, QgsProject.instance()) if source.isSpatial() else None
    # what it asks for again 3.22 takes from what it has kept, where an integer that is NULL is 0
    names_kept = [field.name() for field in layer.fields() if field.name() in names and field.typeName() != "Integer"]
    seen["all"] = alike(read(layer, key, names, None), read(source, key, names, to))
    if source.isSpatial():
        back = to.transformBoundingBox(VILLAGE, QgsCoordinateTransform.ReverseTransform)
        exact = QgsFeatureRequest.ExactIntersect
        # a box in another CRS is a little larger: what lies at its edge is left to chance
        inside = read(layer, key, names_kept, None, QgsFeatureRequest().setFilterRect(VILLAGE).setFlags(exact))
        wanted = read(source, key, names_kept, to, QgsFeatureRequest().setFilterRect(back).setFlags(exact))
        wanted = {k: v for k, v in wanted.items() if v[1].intersects(VILLAGE)}
        seen["box"] = alike(inside, wanted)
    seen["filter"] = alike(*(read(of, key, names_kept, by, QgsFeatureRequest().setFilterExpression(expression)) for of, by in ((layer, None), (source, to))))
    first = next(layer.getFeatures(QgsFeatureRequest().setLimit(1)))
    again = layer.getFeature(first.id())
    seen["identified"] = again.isValid() and again.attributes() == first.attributes()
    seen["subset"] = [layer.setSubsetString(expression), len(list(layer.getFeatures()))]
    return seen


application = QgsApplication([], False)
application.initQgis()
for layer in LAYERS:
    print(json.dumps(look(sys.argv[1], *layer)))
gone = QgsVectorLayer(f"url='{sys.argv[1]}/' typename='nulle_part' version='OGC_API_FEATURES'", "gone", "OAPIF")
print(json.dumps({"name": "gone", "valid": gone.isValid()}))
sys.stdout.flush()
os._exit(0)  # QGIS may crash on the way out
