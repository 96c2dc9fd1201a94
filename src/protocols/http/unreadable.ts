import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { Problem } from '#core/problem.js'
import { problemAnswer } from './problem-json.js'

/** Characters of one part of a path. */
export const longestPathPart = 500

/** What is wrong with an address that cannot even be looked up. */
export function problemOfAddress({ code }: { readonly code?: string }): Problem {
  if (code === 'FST_ERR_MAX_PARAM_LENGTH')
    return new Problem('not-found', `There is nothing at this address: a part of it has more than ${longestPathPart} characters.`)
  return new Problem('malformed', 'The address is not UTF-8 escaped by %, which it should be.')
}

/** Answers what is no HTTP that could be read, and hangs up: there is no request yet to answer in the usual way. */
export function answerUnreadable({ code }: { readonly code?: string }, socket: Socket): void {
  if (code === 'ECONNRESET' || socket.destroyed) return
  const [status, why] =
    code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'The address and the headers are longer than this server reads.']
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'The request took too long to come.']
        : [400, 'The request cannot be read as HTTP says it should be.']
  const { mediaType, body } = problemAnswer(new Problem('malformed', why))
  const text = JSON.stringify({ ...JSON.parse(String(body)), status })
  if (socket.writable)
    socket.write(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: ${mediaType}\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
    )
  socket.destroySoon()
}
