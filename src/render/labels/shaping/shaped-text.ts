/** A text as glyphs, plain data, in pixels; y down from the baseline of each line. */
export interface ShapedText {
  readonly lines: readonly ShapedLine[]
  /** Faces and glyphs of all lines, one behind the other. */
  readonly faces: Uint16Array
  readonly glyphs: Uint16Array
  /** Of the longest line. */
  readonly width: number
  /** Above the baseline of the first line: room for accents over capitals. */
  readonly ascent: number
  /** Below the baseline of the last line. */
  readonly descent: number
  /** Half the height of a capital: the middle of a line lies so far above its baseline. */
  readonly middle: number
  /** From baseline to baseline. */
  readonly lineStep: number
  /**
   * How far the room of the text reaches beyond all that: slanted letters on the sides, deep ones below. Above it is less than nothing unless
   * there are accents: the room ends at the capitals.
   */
  readonly overhang: { readonly above: number; readonly below: number; readonly beside: number }
  readonly bytes: number
}

/** One line, its glyphs from left to right. */
export interface ShapedLine {
  readonly text: string
  /** Where in the text the letter of each glyph begins, in UTF-16 units. */
  readonly letters: Uint16Array
  readonly width: number
  /** Number of the face, and of the glyph in it. */
  readonly faces: Uint16Array
  readonly glyphs: Uint16Array
  /** Where the glyph is drawn, from the beginning of the line. */
  readonly x: Float32Array
  readonly y: Float32Array
  /** The letter (cluster) each glyph belongs to, by the index of its first glyph: text along lines keeps letters whole. */
  readonly clusters: Uint16Array
  /** Where the letter begins and how wide it is, at its first glyph. */
  readonly starts: Float32Array
  readonly advances: Float32Array
  /** What ink covers: minX, minY, maxX, maxY. */
  readonly ink: readonly [number, number, number, number]
}
