"""How QGIS reads SLD files: a line of JSON each, with its rules and what their symbols draw. Arguments: a geometry type and a file, again and again."""
import json
import sys

import qgis_drawing
from qgis.core import QgsApplication, QgsRuleBasedRenderer, QgsVectorLayer

app = QgsApplication([], False)
app.initQgis()


def layer_of(symbol_layer):
    # Ids and the like are made anew each time.
    return [symbol_layer.layerType(), dict(sorted(symbol_layer.properties().items()))] + (
        [layer_of(one) for one in symbol_layer.subSymbol().symbolLayers()] if symbol_layer.subSymbol() else []
    )


def rule_of(rule):
    symbol = rule.symbol()
    return {
        "label": rule.label(),
        "filter": rule.filterExpression(),
        "isElse": rule.isElse(),
        # Of denominators, minimum is the larger one.
        "scales": [rule.maximumScale(), rule.minimumScale()],
        "layers": [layer_of(one) for one in symbol.symbolLayers()] if symbol else [],
    }


for kind, path in zip(sys.argv[1::2], sys.argv[2::2]):
    layer = QgsVectorLayer(f"{kind}?field=code:string&field=n:double", "layer", "memory")
    message, ok = layer.loadSldStyle(path)
    renderer = layer.renderer()
    rules = []
    if isinstance(renderer, QgsRuleBasedRenderer):
        rules = [rule_of(rule) for rule in renderer.rootRule().children()]
    elif renderer and renderer.type() == "singleSymbol":
        rules = [{"label": "", "filter": "", "isElse": False, "scales": [0, 0], "layers": [layer_of(one) for one in renderer.symbol().symbolLayers()]}]
    print(json.dumps({"path": path, "ok": ok, "message": message, "rules": rules}, default=str))
