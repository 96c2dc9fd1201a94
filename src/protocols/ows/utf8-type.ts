/**
 * The media type as a header: `text/…` names its encoding, for clients that take it for Latin-1 otherwise (Python's requests, and OWSLib with it),
 * whatever the XML says.
 */
export function utf8Type(mediaType: string): string {
  return mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType
}
