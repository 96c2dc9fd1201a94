"""The times that OWSLib finds in the capabilities of a WMS, and a map of one of them; prints a JSON object.

usage: owslib_times.py ADDRESS LAYER TIME
"""
import json
import sys

from owslib.wms import WebMapService

ADDRESS, LAYER, TIME = sys.argv[1:]
seen = {}
for version in ("1.1.1", "1.3.0"):
    service = WebMapService(f"{ADDRESS}/wms", version=version)
    layer = service[LAYER]
    request = dict(layers=[LAYER], styles=[""], srs="EPSG:2154", bbox=(885800, 6869500, 886200, 6869900), size=(64, 64), format="image/png")
    image = service.getmap(**request, time=TIME)
    seen[version] = {
        "positions": layer.timepositions,
        "default": layer.defaulttimeposition,
        "map": image.info()["Content-Type"],
        "warning": service.getmap(**request).info()["Warning"],
    }
    try:
        service.getmap(**request, time="1999")
    except Exception as error:
        seen[version]["refused"] = [type(error).__name__, str(error)]
print(json.dumps(seen))
