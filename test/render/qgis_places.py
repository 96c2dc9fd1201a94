"""Answers a list of questions (JSON on standard input) by QGIS and PROJ, with a list of answers (JSON).

["distance", crs, x1, y1, x2, y2]  metres on the ellipsoid of WGS 84 between two places of a CRS
["lonlat", crs, x, y]              longitude and latitude of a place
"""
import json
import os
import sys

os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsDistanceArea, QgsPointXY, QgsProject

QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
context = QgsProject.instance().transformContext()


def lonlat(crs, x, y):
    there = QgsCoordinateTransform(QgsCoordinateReferenceSystem(crs), QgsCoordinateReferenceSystem("EPSG:4326"), context)
    point = there.transform(QgsPointXY(x, y))
    return [point.x(), point.y()]


def distance(crs, x1, y1, x2, y2):
    area = QgsDistanceArea()
    area.setSourceCrs(QgsCoordinateReferenceSystem("EPSG:4326"), context)
    area.setEllipsoid("EPSG:7030")
    return area.measureLine(QgsPointXY(*lonlat(crs, x1, y1)), QgsPointXY(*lonlat(crs, x2, y2)))


answers = {"distance": distance, "lonlat": lonlat}
print(json.dumps([answers[name](*rest) for name, *rest in json.load(sys.stdin)]))
