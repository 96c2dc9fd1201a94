"""What OWSLib makes of a WMS, and what sdi-consistence-check makes of that; prints one JSON object.

usage: owslib_wms.py ADDRESS
"""
import json
import sys

import owslib
from owslib.map.common import WMSCapabilitiesReader
from owslib.wms import WebMapService

CHURCH = (885960, 6869590, 886060, 6869690)


def reduced(box):
    """The box that sdi-consistence-check asks for: the middle of the layer's."""
    west, south, east, north = box
    x, y, w, h = (west + east) / 2, (south + north) / 2, (east - west) / 20, (north - south) / 20
    return (x - w, y - h, x + w, y + h)


def read(address, version):
    service = WebMapService(f"{address}/wms", version=version)
    layer = service["ws:batiments"]
    facts = {
        "title": service.identification.title,
        "contact": service.provider.contact.organization,
        "operations": sorted(operation.name for operation in service.operations),
        "layers": list(service.contents),
        "parent": service["ws:parcelles"].parent.title,
        "crs": sorted(layer.crsOptions),
        "box": list(layer.boundingBox),
        "lonlat": list(layer.boundingBoxWGS84),
        "queryable": layer.queryable,
        "legend": layer.styles["default"].get("legend", ""),
        "metadata": [[url.get("format"), url.get("url")] for url in service["ws:parcelles"].metadataUrls],
    }
    parcels = service["ws:parcelles"]
    facts["attribution"] = parcels.attribution
    facts["data"] = [[url.get("format"), url.get("url")] for url in parcels.dataUrls]
    request = dict(layers=["ws:batiments"], styles=[""], srs="EPSG:2154", bbox=CHURCH, size=(100, 100), format="image/png")
    facts["info"] = json.loads(service.getfeatureinfo(**request, query_layers=["ws:batiments"], info_format="application/json", xy=(50, 50), feature_count=5).read())
    image = service.getmap(**request, transparent=True)
    facts["map"] = [image.info()["Content-Type"], len(image.read())]
    facts["small"] = {}
    for name in service.contents:
        if service[name].layers and name in ("images", "foncier"):
            continue
        box = reduced(service[name].boundingBoxWGS84)
        # OWSLib leaves the order of axes to its user
        box = (box[1], box[0], box[3], box[2]) if version == "1.3.0" else box
        answer = service.getmap(layers=[name], styles=[""], srs="EPSG:4326", bbox=box, size=(10, 10), format="image/png")
        facts["small"][name] = answer.info()["Content-Type"]
    try:
        service.getmap(**{**request, "layers": ["nulle_part"]})
    except Exception as error:
        facts["refused"] = [type(error).__name__, str(error)]
    return facts


seen = {"owslib": owslib.__version__}
for version in ("1.1.1", "1.3.0"):
    seen[version] = read(sys.argv[1], version)
seen["doubled"] = WebMapService(f"{sys.argv[1]}/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities", version="1.1.1").identification.version
seen["address"] = WMSCapabilitiesReader("1.3.0").capabilities_url(f"{sys.argv[1]}/wms?SERVICE=WMS")
seen["space"] = list(WebMapService(f"{sys.argv[1]}/cadastre/wms?", version="1.3.0").contents)
print(json.dumps(seen))
