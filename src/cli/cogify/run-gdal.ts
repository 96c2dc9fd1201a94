import { spawn } from 'node:child_process'

/** What the GDAL of this machine can write. */
export interface GdalAbility {
  readonly version: string
  /** Compressions of its COG driver, as it names them. */
  readonly compressions: ReadonlySet<string>
  /** Creation options of its COG driver. */
  readonly options: ReadonlySet<string>
}

/** Looks for GDAL's programs; undefined where there are none, or none that write COGs (before 3.2). */
export async function findGdal(signal: AbortSignal): Promise<GdalAbility | undefined> {
  const [about, version, warp] = await Promise.all([
    runGdal('gdalinfo', ['--format', 'COG'], signal).catch(() => undefined),
    runGdal('gdal_translate', ['--version'], signal).catch(() => undefined),
    runGdal('gdalwarp', ['--version'], signal).catch(() => undefined),
  ])
  signal.throwIfAborted()
  const number = /GDAL (\d+)\.(\d+)\.\S*\d/.exec(version ?? '')
  if (!about || !number || !warp || Number(number[1]) * 100 + Number(number[2]) < 302) return undefined
  const compressions = /<Option name='COMPRESS'[\s\S]*?<\/Option>/.exec(about.replaceAll('"', "'"))?.[0] ?? ''
  return {
    version: number[0],
    compressions: new Set([...compressions.matchAll(/<Value>([^<]*)<\/Value>/g)].map(([, value]) => value)),
    options: new Set([...about.matchAll(/<Option name=['"](\w+)['"]/g)].map(([, name]) => name)),
  }
}

/** Characters of complaints that are kept. */
const keptText = 4000

/**
 * Runs one of GDAL's programs to its end and resolves to what it printed; `onShare` hears how far it says it is, 0 to 1. Throws what it complained of, and
 * the reason of `signal` once the program that was stopped has ended.
 */
export async function runGdal(
  program: 'gdalinfo' | 'gdalwarp' | 'gdal_translate',
  args: readonly string[],
  signal: AbortSignal,
  onShare: (share: number) => void = () => {},
): Promise<string> {
  signal.throwIfAborted()
  // English, so that what it complains of can be told apart
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C' } })
  const stop = () => void child.kill('SIGKILL')
  signal.addEventListener('abort', stop, { once: true })
  let [said, complained] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    onShare(shareOf(said))
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complained = (complained + text).slice(-keptText)
  })
  try {
    const code = await new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject))
    signal.throwIfAborted()
    if (code !== 0) throw new GdalError(program, complained.trim() || `exit code ${code}`)
    return said
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** A program of GDAL's did not do its work. */
export class GdalError extends Error {
  constructor(program: string, complaint: string) {
    super(`${program}: ${complaint}`)
    this.name = 'GdalError'
  }
}

/** GDAL prints `0...10...20`: a number for every tenth, and a dot for every fortieth. */
function shareOf(text: string): number {
  const last = [...text.matchAll(/(?:^|\D)(\d{1,3})(\.*)/g)].findLast(([, number]) => Number(number) <= 100 && Number(number) % 10 === 0)
  return last ? Math.min(1, Number(last[1]) / 100 + last[2].length / 40) : 0
}
