import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Runs a program of GDAL; throws, by name, what would install it, or what it said. With `output`, the bytes of that file. */
export function run(command, args, output) {
  const { status, stderr, error } = spawnSync(command, args.map(String), { encoding: 'utf8', maxBuffer: 1 << 26 })
  if (error) throw new Error(`${command} is not installed: apt-get install gdal-bin`)
  if (status !== 0) throw new Error(`${command} failed: ${stderr.slice(-2000)}`)
  return output && readFileSync(output)
}
