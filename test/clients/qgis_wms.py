"""What QGIS makes of a WMS as its users know it: adds a layer, draws it, identifies, shows the legend, saves the project and opens it again. Writes
pictures into FOLDER and prints a JSON object for each version.

usage: qgis_wms.py ADDRESS FOLDER
"""
import json
import os
import sys
from urllib.parse import quote

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QGIS_CUSTOM_CONFIG_PATH"] = sys.argv[2]  # a profile, and a cache, of its own
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsPointXY,
    QgsProject,
    QgsRaster,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QEventLoop, QSize
from qgis.PyQt.QtGui import QColor

CODES = ("EPSG:2154", "EPSG:3857", "EPSG:4326")
VILLAGE = QgsRectangle(885800, 6869500, 886200, 6869900)
CHURCH = QgsPointXY(886010, 6869640)
FORMATS = {"text": QgsRaster.IdentifyFormatText, "html": QgsRaster.IdentifyFormatHtml, "feature": QgsRaster.IdentifyFormatFeature}


def transform(code):
    return QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:2154"), QgsCoordinateReferenceSystem(code), QgsProject.instance())


def map_settings(layer):
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(transform(layer.crs().authid()).transformBoundingBox(VILLAGE))
    settings.setOutputSize(QSize(256, 256))
    settings.setOutputDpi(96)
    settings.setBackgroundColor(QColor(0, 0, 0, 0))
    return settings


def draw(layer, path):
    settings = map_settings(layer)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    extent = settings.visibleExtent()
    job.renderedImage().save(path)
    return [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()]


def legend(layer):
    """Width and height of the legend, or why there is none."""
    results, loop = [], QEventLoop()
    fetcher = layer.dataProvider().getLegendGraphicFetcher(map_settings(layer))
    fetcher.finish.connect(lambda image: (results.append([image.width(), image.height()]), loop.quit()))
    fetcher.error.connect(lambda why: (results.append(why), loop.quit()))
    fetcher.start()
    if not results:
        loop.exec_()
    return results[0]


def identify(layer):
    provider = layer.dataProvider()
    to_layer = transform(layer.crs().authid())
    box = to_layer.transformBoundingBox(QgsRectangle(CHURCH.x() - 50, CHURCH.y() - 50, CHURCH.x() + 50, CHURCH.y() + 50))
    found = {}
    for name, kind in FORMATS.items():
        results = provider.identify(to_layer.transform(CHURCH), kind, box, 101, 101).results().values()
        if name != "feature":
            found[name] = [str(text) for text in results]
            continue
        features = [feature for stores in results for store in stores for feature in store.features()]
        found[name] = [feature.attribute("nom") for feature in features]
        places = [to_layer.transform(feature.geometry().centroid().asPoint(), QgsCoordinateTransform.ReverseTransform) for feature in features]
        found["places"] = [[round(place.x()), round(place.y())] for place in places]
    return found


def look(address, folder, version):
    url = quote(f"{address}/wms?VERSION={version}&", safe="")
    seen = {"version": version}
    for code in CODES:
        layer = QgsRasterLayer(f"crs={code}&dpiMode=7&featureCount=10&format=image/png&layers=ws:batiments&styles=&url={url}", "Bâtiments", "wms")
        facts = {"valid": layer.isValid()}
        if layer.isValid():
            facts["extent"] = draw(layer, f"{folder}/{version}-{code[5:]}.png")
            facts["identified"] = identify(layer)
            facts["legend"] = legend(layer)
            facts["sublayers"] = layer.dataProvider().subLayers()
        seen[code] = facts
        if code == "EPSG:2154" and layer.isValid():
            project = QgsProject.instance()
            project.addMapLayer(layer)
            written = project.write(f"{folder}/{version}.qgz")
            project.clear()
            read = project.read(f"{folder}/{version}.qgz")
            again = list(project.mapLayers().values())[0]
            draw(again, f"{folder}/{version}-again.png")
            facts["project"] = [written, read, again.isValid(), again.name()]
            project.clear()
    for name in ("forêt", "foncier", "ORTHOIMAGERY.ORTHOPHOTOS"):
        layer = QgsRasterLayer(f"crs=EPSG:2154&dpiMode=7&format=image/png&layers={quote(name)}&styles=&url={url}", name, "wms")
        results = layer.dataProvider().identify(CHURCH, QgsRaster.IdentifyFormatText, VILLAGE, 400, 400).results() if layer.isValid() else {}
        seen[name] = {"valid": layer.isValid(), "texts": [str(text) for text in results.values()]}
        if layer.isValid():
            draw(layer, f"{folder}/{version}-{name}.png")
    return seen


application = QgsApplication([], False)
application.initQgis()
for version in ("1.1.1", "1.3.0"):
    print(json.dumps(look(*sys.argv[1:], version)))
gone = QgsRasterLayer(f"crs=EPSG:2154&format=image/png&layers=nulle_part&styles=&url={quote(sys.argv[1] + '/wms', safe='')}", "gone", "wms")
print(json.dumps({"version": "gone", "valid": gone.isValid()}))
sys.stdout.flush()
os._exit(0)  # QGIS may crash on the way out
