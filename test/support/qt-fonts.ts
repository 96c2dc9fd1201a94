import { spawnSync } from 'node:child_process'
import { missing, unlessAll } from './programs.js'

// Qt shapes by a HarfBuzz of its own and draws by FreeType: what QGIS would show
const program = `
import json, os, sys
os.environ['QT_QPA_PLATFORM'] = 'offscreen'
from PyQt5.QtGui import QFont, QFontDatabase, QGuiApplication, QRawFont, QTextLayout
app = QGuiApplication([])
asked = json.load(sys.stdin)
answers = []
for one in asked:
    raw = QRawFont(one['file'], one['size'], QFont.PreferNoHinting)
    if 'glyph' in one:
        image = raw.alphaMapForGlyph(one['glyph'], QRawFont.PixelAntialiasing)
        box = raw.boundingRect(one['glyph'])
        rows = [[image.pixelColor(x, y).alpha() for x in range(image.width())] for y in range(image.height())]
        answers.append({'left': int(box.left()), 'top': int(box.top()), 'rows': rows})
    else:
        QFontDatabase.addApplicationFont(one['file'])
        font = QFont(raw.familyName())
        font.setPixelSize(one['size'])
        font.setHintingPreference(QFont.PreferNoHinting)
        layout = QTextLayout(one['text'], font)
        layout.beginLayout()
        layout.createLine().setLineWidth(1e9)
        layout.endLayout()
        glyphs = [(position.x(), position.y(), index) for run in layout.glyphRuns() for index, position in zip(run.glyphIndexes(), run.positions())]
        answers.append({'glyphs': sorted(glyphs)})
print(json.dumps(answers))
`

const python = '/usr/bin/python3'

/** False when Qt can be asked, else why not. */
export const withoutQt = (): string | false => unlessAll(missing('PyQt5', python, '-c', 'import PyQt5.QtGui'))

export interface QtMask {
  readonly left: number
  readonly top: number
  readonly rows: number[][]
}

/** Unhinted masks of glyphs at sizes in pixels. */
export const qtMasks = (asked: readonly { file: string; size: number; glyph: number }[]): QtMask[] => ask(asked)

/** Glyphs with their x and y (down), from left to right, of texts set in a font file at a size in pixels. */
export const qtGlyphs = (asked: readonly { file: string; size: number; text: string }[]): { glyphs: [number, number, number][] }[] =>
  ask(asked)

function ask<T>(asked: readonly object[]): T {
  const { stdout, stderr } = spawnSync(python, ['-c', program], { input: JSON.stringify(asked), encoding: 'utf8', maxBuffer: 1e8 })
  if (!stdout) throw new Error(`Qt gave no answer: ${stderr}`)
  return JSON.parse(stdout)
}
