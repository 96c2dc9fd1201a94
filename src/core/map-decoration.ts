/** What is put around and over a map that is printed. All is optional. */
export interface MapDecoration {
  /** The paper; absent: as large as the map, which then fills it. */
  readonly page?: PageSize
  readonly title?: string
  readonly credits?: string
  readonly hasScaleBar?: boolean
  readonly hasNorthArrow?: boolean
  /** Titles for the layers of the map, one each: then they have a legend, beside the map on a page, over it without one. */
  readonly legendTitles?: readonly string[]
  /** Of the titles of rules in it, where the style has them in several. */
  readonly language?: string
  /** Millimetres of paper left free on all sides; 10 when absent. Without effect where there is no page. */
  readonly margin?: number
}

/** Paper, in millimetres (ISO 216). */
export interface PageSize {
  readonly width: number
  readonly height: number
}

const portraits = { a4: { width: 210, height: 297 }, a3: { width: 297, height: 420 } } as const

const turned = ({ width, height }: PageSize): PageSize => ({ width: height, height: width })

/** Papers by name; those without a direction lie on their long side, as most maps do. */
export const pageSizes: Readonly<Record<string, PageSize>> = {
  a4: turned(portraits.a4),
  'a4-landscape': turned(portraits.a4),
  'a4-portrait': portraits.a4,
  a3: turned(portraits.a3),
  'a3-landscape': turned(portraits.a3),
  'a3-portrait': portraits.a3,
}
