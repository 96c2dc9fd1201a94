"""What QGIS writes of a feature when it edits through OGC API Features: the bodies of its POST, PUT and PATCH, by its own JSON writer."""

import json
import sys

from qgis.PyQt.QtCore import QDate, QDateTime, Qt, QVariant
from qgis.core import QgsFeature, QgsField, QgsFields, QgsGeometry, QgsJsonExporter, QgsJsonUtils

fields = QgsFields()
for name, kind in [
    ("id", QVariant.LongLong),
    ("nom", QVariant.String),
    ("rang", QVariant.Int),
    ("mesure", QVariant.Double),
    ("ouvert", QVariant.Bool),
    ("jour", QVariant.Date),
    ("instant", QVariant.DateTime),
    ("code", QVariant.String),
]:
    fields.append(QgsField(name, kind))
feature = QgsFeature(fields)
feature.setGeometry(QgsGeometry.fromWkt(sys.argv[1]))
feature["nom"] = "Évêché"
feature["rang"] = 3
feature["mesure"] = 0.125
feature["ouvert"] = True
feature["jour"] = QDate(2024, 2, 29)
feature["instant"] = QDateTime(2024, 2, 29, 10, 30, 0, 0, Qt.UTC)


def written(feature, id=None):
    text = QgsJsonExporter().exportFeature(feature, {}, id)
    body = json.loads(text)
    body.pop("bbox", None)
    if id is None:
        body.pop("id", None)
    return body


post = written(feature)
feature["rang"] = 4
print(
    json.dumps(
        {
            "post": post,
            "put": written(feature, "ID"),
            "patchGeometry": {"geometry": json.loads(feature.geometry().asJson(6))},
            "patchProperties": {"properties": {"rang": 5, "code": None, "jour": json.loads(QgsJsonUtils.encodeValue(QDate(2024, 3, 1)))}},
        }
    )
)
