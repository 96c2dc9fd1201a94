import { deflateSync } from 'node:zlib'
import { Problem } from '#core/problem.js'
import { mostBytes } from './vector-format.js'

/** The objects of a PDF file (ISO 32000-1, 7.3 and 7.5), one behind the other. */
export interface PdfObjects {
  /** A number for an object that comes later. */
  reserve(): number
  put(id: number, value: string): void
  /** A stream; `entries` are those of its dictionary but for its length and filter. It is packed here. */
  putStream(id: number, entries: string, bytes: Uint8Array): void
  /** A stream whose bytes are packed already, by that filter. */
  putPacked(id: number, entries: string, filter: 'FlateDecode' | 'DCTDecode', bytes: Uint8Array): void
  /** The file. The objects of those numbers are its catalogue and what it says of itself. */
  finish(catalogue: number, info: number): Uint8Array
}

/** An empty file. What would make it larger than `mostBytes` throws `too-large`. */
export function openPdfObjects(): PdfObjects {
  const pieces: Uint8Array[] = []
  const places: number[] = [0]
  let at = 0
  const add = (bytes: Uint8Array) => {
    pieces.push(bytes)
    at += bytes.length
    if (at > mostBytes)
      throw new Problem(
        'too-large',
        `The document would have more than ${mostBytes} bytes; a smaller area, a larger scale, or image/png would work.`,
      )
  }
  const write = (text: string) => add(Buffer.from(text, 'latin1'))
  // the second line tells programs that bytes follow, not text
  write('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n')
  const begin = (id: number) => {
    places[id] = at
    write(`${id} 0 obj\n`)
  }
  const putPacked: PdfObjects['putPacked'] = (id, entries, filter, bytes) => {
    begin(id)
    write(`<< ${entries} /Filter /${filter} /Length ${bytes.length} >>\nstream\n`)
    add(bytes)
    write('\nendstream\nendobj\n')
  }
  return {
    putPacked,
    reserve: () => places.push(0) - 1,
    put(id, value) {
      begin(id)
      write(`${value}\nendobj\n`)
    },
    putStream: (id, entries, bytes) => putPacked(id, entries, 'FlateDecode', deflateSync(bytes, { level: 6 })),
    finish(catalogue, info) {
      const start = at
      write(`xref\n0 ${places.length}\n0000000000 65535 f \n`)
      for (const place of places.slice(1)) write(`${String(place).padStart(10, '0')} 00000 n \n`)
      write(`trailer\n<< /Size ${places.length} /Root ${catalogue} 0 R /Info ${info} 0 R >>\nstartxref\n${start}\n%%EOF\n`)
      return new Uint8Array(Buffer.concat(pieces))
    },
  }
}

/** A text string (ISO 32000-1, 7.9.2.2): UTF-16, as hexadecimal digits. */
export function pdfText(text: string): string {
  return `<FEFF${utf16(text)}>`
}

/** UTF-16 with the high byte first, as hexadecimal digits. */
export function utf16(text: string): string {
  let digits = ''
  for (let i = 0; i < text.length; i++) digits += text.charCodeAt(i).toString(16).padStart(4, '0')
  return digits
}

/** A name (7.3.5): of letters and digits only. */
export const pdfName = (text: string): string => `/${text.replace(/[^A-Za-z0-9+-]/g, '') || 'Font'}`
