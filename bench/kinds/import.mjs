import { fileURLToPath } from 'node:url'
import { startProgram } from '../cleanup.mjs'
import { fail, summary } from './rounds.mjs'

/** The program of its own that compares imports with ogr2ogr, in turns and on the same file. */
export async function imports(context, [workload]) {
  const { world, plan, cleanup, result, say } = context
  const script = fileURLToPath(new URL('../import-vs-ogr2ogr.mjs', import.meta.url))
  const args = [script, String(world.importRows), String(Math.min(3, plan.rounds))]
  const program = startProgram(cleanup, process.execPath, args, { env: { ARPENT_TEST_DATABASE_URL: world.postgres.url } })
  const end = await program.ended
  await program.stop()
  if (!/ended with 0\n/.test(end)) return fail(context, `import against ogr2ogr: ${end.slice(0, 500)}`)
  result.titles.ogr2ogr = 'ogr2ogr'
  result.versions.ogr2ogr = program.output().match(/GDAL ([\d.]+)/)?.[1]
  for (const [, round, ours, theirs] of program.output().matchAll(/round (\d+): Arpent ([\d.]+) s, ogr2ogr ([\d.]+) s/g))
    for (const [server, text] of Object.entries({ arpent: ours, ogr2ogr: theirs })) {
      const seconds = Number(text)
      const times = { perSecond: world.importRows / seconds, p50: seconds * 1000, p99: seconds * 1000 }
      result.cells.push({ workload: workload.name, server, concurrency: 1, round: Number(round) - 1, ...times, requests: 1, wrong: 0 })
    }
  say(summary(result, workload.name))
}
