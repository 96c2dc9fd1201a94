import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConformanceServer, Suite } from './suite.js'

const cache = process.env.OGC_CITE_CACHE ?? join(homedir(), '.cache/ogc-cite')
const runner = join(process.env.ARPENT_SHARED ?? '../shared', 'cite/run.sh')

/** Why the official suite cannot run here; false where it can. */
export function withoutOfficial({ id }: Suite): string | false {
  if (!existsSync(runner)) return `${runner} is not there`
  if (!existsSync(join(cache, 'suites', id, 'VERSION'))) return 'it is not in the suite cache'
  return spawnSync('java', ['-version']).error ? 'Java is not installed' : false
}

export interface OfficialTest {
  readonly name: string
  readonly status: string
  readonly message: string
}

export interface OfficialRun {
  readonly version: string
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly tests: readonly OfficialTest[]
}

/** Runs the official suite against a server. */
export async function runOfficial(suite: Suite, server: ConformanceServer): Promise<OfficialRun> {
  const folder = mkdtempSync(join(tmpdir(), `arpent-official-${suite.id}-`))
  try {
    const { url, settings } = await suite.official(server, folder)
    const child = spawn('bash', [runner, suite.id, url, join(folder, 'out'), ...settings], {
      stdio: 'ignore',
      env: { ...process.env, OGC_CITE_CACHE: cache, OGC_CITE_TIMEOUT: '300' },
    })
    process.once('exit', () => {
      child.kill()
      rmSync(folder, { recursive: true, force: true })
    })
    await new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject))
    return JSON.parse(readFileSync(join(folder, 'out/summary.json'), 'utf8')) as OfficialRun
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Official names that failed at least once, each with its first message. */
export function failuresOf({ tests }: OfficialRun): ReadonlyMap<string, string> {
  const failed = tests.filter(({ status }) => status === 'failed' || status === 'unfinished').toReversed()
  return new Map(failed.map(({ name, message }) => [name, message]))
}

/** Official names that found nothing to try, each with the reason. */
export const skippedOf = ({ tests }: OfficialRun): ReadonlyMap<string, string> =>
  new Map(tests.filter(({ status }) => status === 'skipped').map(({ name, message }) => [name, message]))

/** Official names that ran and that `transcribed` does not have. */
export const untranscribed = ({ tests }: OfficialRun, transcribed: ReadonlySet<string>): readonly string[] =>
  [...new Set(tests.map(({ name }) => name))].filter(name => !transcribed.has(name))
