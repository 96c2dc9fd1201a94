import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { type RunningServer, runServer } from '../support/running-server.js'
import { exchange, type RawAnswer } from './exchange.js'
import { demoWords } from './grammar.js'
import { judgeAnswer } from './judge-answer.js'
import { forgetPeak, processorSeconds, residentMegabytes } from './process-figures.js'
import { type RequestPart, requestBytes } from './request.js'
import type { Fault, Outcome, Subject } from './target.js'

/** What one request may take: seconds of processor time (all threads), seconds on the clock of a busy machine, megabytes. */
const bounds = { processor: 10, wall: 90, megabytes: 600 }

/** What layers of the demo are asked for beside a place, and the parameters they have. */
const dimensions: Readonly<Record<string, object>> = {
  parcelles: { time: { column: 'date_maj', nearest: true } },
  orthophoto: { elevation: { band: 1, extent: '0/255/1' } },
  batiments: {
    dimensions: { usage: { column: 'usage', multiple: false, default: 'Religieux' } },
    filter: "(hauteur IS NULL OR hauteur > :hauteur) AND (:usage = '' OR usage = :usage)",
    params: { hauteur: { type: 'number', default: 0 }, usage: { type: 'text', default: '' } },
  },
}

/** The demo, with maps small enough that a run is about answers, not about drawing. */
function demoConfig(): string {
  const demo = resolve('fixtures/demo')
  const { stores, collections, ...published } = parse(readFileSync(join(demo, 'arpent.yaml'), 'utf8')) as {
    stores: { local: { files: string[] } }
    collections: Readonly<Record<string, object>>
  }
  const local = { ...stores.local, files: stores.local.files.map(name => join(demo, name)) }
  return JSON.stringify({
    ...published,
    collections: Object.fromEntries(Object.entries(collections).map(([id, collection]) => [id, { ...collection, ...dimensions[id] }])),
    stores: { local, images: { kind: 'cog', root: demo } },
    limits: { mapPixels: 2_000_000, requestSeconds: 60 },
  })
}

/** The built server over the demo. */
export async function servedDemo(): Promise<Subject<readonly RequestPart[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'arpent-fuzz-'))
  writeFileSync(join(folder, 'arpent.json'), demoConfig())
  let server: RunningServer | undefined
  let starts = 0
  let read = 0

  const clean = () => {
    server?.process.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  process.once('exit', clean)

  async function started(): Promise<RunningServer> {
    if (server && server.process.exitCode === null && server.process.signalCode === null) return server
    if (server) await server.stop().catch(() => {})
    server = await runServer(['--config', join(folder, 'arpent.json')], { data: join(folder, 'data'), env: { ARPENT_LOG: 'warn' } })
    starts++
    read = 0
    const capabilities = await (await fetch(`${server.address}/wms?service=WMS&request=GetCapabilities`)).text()
    const absent = demoWords.layer.filter(name => name !== 'population_communes' && !capabilities.includes(`<Name>${name}</Name>`))
    if (absent.length > 0) throw new Error(`The demo has no layer ${absent.join(', ')}: see demoWords.`)
    return server
  }

  /** The first line logged as an error since the last look, or that is no line of the log at all. */
  function complaint(running: RunningServer): Fault | undefined {
    const lines = running.output.stderr.slice(read).split('\n')
    read = running.output.stderr.length
    const found = lines.find(line => line.trim() && !isHarmless(line))
    return found === undefined ? undefined : { invariant: 'log', message: found.slice(0, 1500) }
  }

  return {
    async run(parts) {
      const running = await started()
      const { bytes, isBroken } = requestBytes(parts)
      const pid = running.process.pid!
      forgetPeak(pid)
      const [processor, resident] = [processorSeconds(pid), residentMegabytes(pid).now]
      const answer = await exchange(Number(new URL(running.address).port), bytes, isBroken, bounds.wall)
      const spent = { processor: processorSeconds(pid) - processor, megabytes: residentMegabytes(pid).peak - resident }
      if (!answer) {
        running.process.kill('SIGKILL')
        return { verdict: 'hangs', answer: '', fault: { invariant: 'time', message: `no answer after ${bounds.wall} s` } }
      }
      const isSilent = answer.status === 0 && !isBroken
      const gone =
        running.process.exitCode !== null ||
        (isSilent && (await fetch(`${running.address}/health/live`).catch(() => undefined))?.status !== 200)
      const ended: Fault | undefined = gone
        ? { invariant: 'answers', message: `the server ended: ${running.output.stderr.slice(-800)}` }
        : undefined
      if (gone) running.process.kill('SIGKILL')
      // looked at every time: what this case was told of must not be held against the next
      const logged = complaint(running)
      const fault = ended ?? (await judgeAnswer(answer, isBroken)) ?? strain(spent) ?? logged
      return outcomeOf(answer, fault)
    },
    memory: () => ({ megabytes: server ? residentMegabytes(server.process.pid!).now : 0, starts }),
    async stop() {
      process.off('exit', clean)
      await server?.stop()
      clean()
    },
  }
}

function strain({ processor, megabytes }: { readonly processor: number; readonly megabytes: number }): Fault | undefined {
  if (processor > bounds.processor)
    return { invariant: 'time', message: `${processor} s of processor time; ${bounds.processor} are allowed` }
  if (megabytes > bounds.megabytes) return { invariant: 'memory', message: `${Math.round(megabytes)} MB; ${bounds.megabytes} are allowed` }
  return undefined
}

/** A line of the log below the level of errors. */
function isHarmless(line: string): boolean {
  try {
    return !/error|fatal/.test((JSON.parse(line) as { level: string }).level)
  } catch {
    return false
  }
}

/** Statuses count, and answers are compared by content; ids of requests, dates and timings differ, and the moment that an answer says it is of. */
function outcomeOf({ status, body, headers }: RawAnswer, fault: Fault | undefined): Outcome {
  const isText = /json|xml|html/.test(headers.get('content-type') ?? '') && !headers.has('content-encoding')
  const content = isText ? body.toString('latin1').replace(/timeStamp"?[:=]"[\w:.-]+"/g, '') : body
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 16)
  const answer = `${status} ${headers.get('content-type') ?? ''} ${digest}`
  return { verdict: String(status), answer, fault }
}
