import { define } from './define-function.js'
import { formatDate } from './format-date.js'
import { formatNumber } from './format-number.js'

const places = (count: number) => `#,##0${count > 0 ? `.${'0'.repeat(Math.min(20, Math.trunc(count)))}` : ''}`

/** Numbers and dates as texts. */
export const format = [
  /** Pattern, number, then the signs of the language: decimal point and grouping separator; a pattern for negative numbers last. */
  define(
    'numberFormat FormatNumber',
    'text number text? text? text?',
    'text',
    (pattern: string, number: number, point?: string, separator?: string, negative?: string) =>
      formatNumber(number, pattern, { ...(point && { point }), ...(separator && { separator }), ...(negative && { negative }) }),
  ),
  define('format_number', 'number number?', 'text', (number: number, digits = 0) => formatNumber(number, places(digits))),
  define('dateFormat FormatDate', 'text text text?', 'text', (pattern: string, date: string, language?: string) =>
    formatDate(date, pattern, language),
  ),
  define('format_date', 'text text text?', 'text', (date: string, pattern: string, language?: string) =>
    formatDate(date, pattern, language),
  ),
]
