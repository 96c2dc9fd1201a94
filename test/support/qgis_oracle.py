"""Answers questions (JSON on standard input) by QGIS, with JSON.

{"expressions": [text, …], "rows": [{name: value, …}, …], "scale": number}
    the value of each expression for each row; "error" where it is one
{"styles": [{"name", "geometry", "renderer", "symbol", "layers", "labels", …}, …]}
    each as the QML that QGIS writes, with what QGIS says of it (`qgis_styles.py`)
"""
import json
import os
import sys
import tempfile

os.environ["QT_QPA_PLATFORM"] = "offscreen"
profile = tempfile.TemporaryDirectory()
os.environ["QGIS_CUSTOM_CONFIG_PATH"] = profile.name
from qgis.core import (
    NULL,
    QgsApplication,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextScope,
    QgsFeature,
    QgsField,
    QgsFields,
    QgsGeometry,
)
from qgis.PyQt.QtCore import QVariant

application = QgsApplication([], False)
application.initQgis()

TYPES = {bool: QVariant.Bool, int: QVariant.Double, float: QVariant.Double, str: QVariant.String}


def fields_of(rows):
    fields = QgsFields()
    for name in rows[0]:
        value = next(row[name] for row in rows if row[name] is not None)
        fields.append(QgsField(name, TYPES[type(value)]))
    return fields


def values_of(expressions, rows, scale):
    fields = fields_of(rows)
    scope = QgsExpressionContextScope()
    scope.setVariable("map_scale", scale)
    context = QgsExpressionContext()
    context.appendScope(scope)
    context.setFields(fields)
    answers = []
    for text in expressions:
        expression = QgsExpression(text)
        if expression.hasParserError():
            answers.append(["error"] * len(rows))
            continue
        expression.prepare(context)
        answer = []
        for row in rows:
            feature = QgsFeature(fields)
            feature.setAttributes([NULL if value is None else value for value in row.values()])
            feature.setGeometry(QgsGeometry.fromWkt("POINT(1 2)"))
            context.setFeature(feature)
            value = expression.evaluate(context)
            answer.append("error" if expression.hasEvalError() else None if value == NULL else value)
        answers.append(answer)
    return answers


question = json.load(sys.stdin)
if "expressions" in question:
    answer = values_of(question["expressions"], question["rows"], question["scale"])
else:
    from qgis_styles import style_of

    answer = [style_of(style) for style in question["styles"]]
print(json.dumps(answer, allow_nan=False, default=lambda value: None))
sys.stdout.flush()
# Its own end crashes now and then.
os._exit(0)
