"""What the time slider of QGIS makes of a WMS: the times it offers, and what it draws of a day. Prints a JSON object.

EXTENT is the one that capabilities tell: QGIS takes it over into the source of the layer when somebody adds it.

usage: qgis_times.py ADDRESS LAYER EXTENT FOLDER FROM TO
"""
import json
import os
import sys

ADDRESS, LAYER, EXTENT, FOLDER, FROM, TO = sys.argv[1:]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QGIS_CUSTOM_CONFIG_PATH"] = FOLDER
from qgis.core import QgsApplication, QgsDateTimeRange, QgsMapRendererParallelJob, QgsMapSettings, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtCore import QDateTime, QSize, Qt
from qgis.PyQt.QtGui import QColor


def moment(text):
    at = QDateTime.fromString(text, Qt.ISODate)
    at.setTimeSpec(Qt.UTC)
    return at


application = QgsApplication([], False)
application.initQgis()
seen = {}
for version in ("1.1.1", "1.3.0"):
    source = f"type=wmst&allowTemporalUpdates=true&temporalSource=provider&timeDimensionExtent={EXTENT}&contextualWMSLegend=0&crs=EPSG:2154&format=image/png&layers={LAYER}&styles&url={ADDRESS}/wms?VERSION%3D{version}"
    layer = QgsRasterLayer(source, "times", "wms")
    capabilities = layer.dataProvider().temporalCapabilities()
    whole = capabilities.availableTemporalRange()
    facts = {
        "valid": layer.isValid(),
        "isTemporal": capabilities.hasTemporalCapabilities(),
        "whole": [whole.begin().toString(Qt.ISODate), whole.end().toString(Qt.ISODate)],
        "ranges": len(capabilities.allAvailableTemporalRanges()),
    }
    layer.temporalProperties().setIsActive(True)
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(QgsRectangle(885800, 6869500, 886200, 6869900))
    settings.setOutputSize(QSize(256, 256))
    settings.setOutputDpi(96)
    settings.setBackgroundColor(QColor(0, 0, 0, 0))
    settings.setIsTemporal(True)
    settings.setTemporalRange(QgsDateTimeRange(moment(FROM), moment(TO)))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(f"{FOLDER}/{version}.png")
    seen[version] = facts
print(json.dumps(seen))
sys.stdout.flush()
os._exit(0)
