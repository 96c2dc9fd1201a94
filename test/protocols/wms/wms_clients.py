"""What OWSLib and QGIS make of a WMS that shows trees in a layer `arbres` in EPSG:2154; prints one JSON object.

usage: wms_clients.py owslib|qgis ADDRESS
"""
import json
import os
import sys

TREE = (770_100, 6_279_100)


def with_owslib(address):
    from owslib.wms import WebMapService

    seen = {}
    for version in ("1.1.1", "1.3.0"):
        service = WebMapService(f"{address}/wms", version=version)
        layer = service["arbres"]
        facts = {
            "title": service.identification.title,
            "operations": sorted(operation.name for operation in service.operations),
            "box": list(layer.boundingBox),
            "lonlat": list(layer.boundingBoxWGS84),
            "queryable": layer.queryable,
            "legend": layer.styles["default"].get("legend", ""),
        }
        request = dict(layers=["arbres"], styles=[""], srs="EPSG:2154", bbox=(770_000, 6_279_000, 770_200, 6_279_200), size=(101, 101), format="image/png")
        facts["map"] = service.getmap(**request).read().decode()
        facts["info"] = service.getfeatureinfo(**request, query_layers=["arbres"], info_format="application/json", xy=(50, 50), feature_count=5).read().decode()
        try:
            service.getmap(**{**request, "layers": ["nope"]})
        except Exception as error:
            facts["refused"] = str(error)
        seen[version] = facts
    return seen


def with_qgis(address):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsPointXY, QgsProject, QgsRaster, QgsRasterLayer, QgsRectangle

    application = QgsApplication([], False)
    application.initQgis()
    seen = {}
    formats = {"text": QgsRaster.IdentifyFormatText, "html": QgsRaster.IdentifyFormatHtml, "feature": QgsRaster.IdentifyFormatFeature}
    for code in ("EPSG:2154", "EPSG:3857", "EPSG:4326"):
        transform = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:2154"), QgsCoordinateReferenceSystem(code), QgsProject.instance())
        box = transform.transformBoundingBox(QgsRectangle(770_000, 6_279_000, 770_200, 6_279_200))
        point = transform.transform(QgsPointXY(*TREE))
        layer = QgsRasterLayer(f"crs={code}&format=image/png&layers=arbres&styles=&featureCount=10&url={address}/wms", "arbres", "wms")
        provider = layer.dataProvider()
        facts = {"valid": layer.isValid()}
        for name, kind in formats.items():
            results = provider.identify(point, kind, box, 101, 101).results().values()
            if name != "feature":
                facts[name] = [str(text) for text in results]
                continue
            features = [feature for stores in results for store in stores for feature in store.features()]
            places = [transform.transform(feature.geometry().asPoint(), QgsCoordinateTransform.ReverseTransform) for feature in features]
            facts[name] = [feature.attributes() for feature in features]
            facts["places"] = [[round(place.x(), 1), round(place.y(), 1)] for place in places]
        seen[code] = facts
    print(json.dumps(seen))
    sys.stdout.flush()
    os._exit(0)  # QGIS may crash on the way out


if sys.argv[1] == "qgis":
    with_qgis(sys.argv[2])
else:
    print(json.dumps(with_owslib(sys.argv[2])))
