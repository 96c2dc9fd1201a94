"""What OWSLib makes of OGC API Features; prints one JSON object.

usage: owslib_features.py ADDRESS
"""
import json
import sys

from owslib.ogcapi.features import Features

service = Features(f"{sys.argv[1]}/")
parcels = "ws:parcelles"
box = [5.534722235, 48.898663436, 5.540350854, 48.902143142]


def seen_of(answer):
    return [answer["numberMatched"], answer["numberReturned"], [feature["properties"]["contenance"] for feature in answer["features"]]]


seen = {
    "links": sorted({link["rel"] for link in service.links}),
    "openapi": service.api()["openapi"],
    "conforms": service.conformance()["conformsTo"],
    "features": service.feature_collections(),
    "collection": service.collection(parcels),
    "queryables": service.collection_queryables(parcels),
    "schema": service.collection_schema(parcels),
    "all": seen_of(service.collection_items(parcels, limit=1000))[:2],
    "box": seen_of(service.collection_items(parcels, limit=2, bbox=box, sortby=("contenance", "desc"))),
    "filter": seen_of(service.collection_items(parcels, limit=3, filter="section = 'AA' AND contenance > 1000", sortby=("contenance", "asc"))),
    "further": seen_of(service.collection_items(parcels, limit=3, offset=21, filter="section = 'AA' AND contenance > 1000")),
    "time": seen_of(service.collection_items(parcels, limit=1, datetime_="2019-01-01/2019-12-31"))[0],
    "words": seen_of(service.collection_items(parcels, limit=1, q="saules"))[0],
    "item": service.collection_item(parcels, "55999000AA0001"),
    "response": dict(service.response_headers) if service.response_headers else {},
}
try:
    service.collection_items(parcels, filter="sektion = 'AA'")
except RuntimeError as error:
    seen["refused"] = str(error)
print(json.dumps(seen))
