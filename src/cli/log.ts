import { Writable } from 'node:stream'
import { type Logger, pino } from 'pino'
import type { LogLevel } from '#config/environment.js'

/** The log, on stderr: one JSON object a line, or one readable line where a person looks on. */
export function createLog(level: LogLevel, isTerminal = process.stderr.isTTY): Logger {
  const options = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return isTerminal ? pino(options, readableLines(process.stderr)) : pino(options, pino.destination({ dest: 2, sync: true }))
}

/** Turns pino's JSON lines into `12:34:56 WARN message key=value`. */
function readableLines(target: NodeJS.WritableStream): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      target.write(readable(String(chunk)), () => done())
    },
  })
}

function readable(json: string): string {
  const { level, time, msg, err, ...rest } = JSON.parse(json) as Record<string, unknown>
  const details = Object.entries(rest).map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const error = typeof err === 'object' && err !== null ? err : {}
  const why = 'stack' in error ? `\n${error.stack}` : ''
  return `${String(time).slice(11, 19)} ${String(level).toUpperCase().padEnd(5)} ${[msg, ...details].join(' ')}${why}\n`
}
