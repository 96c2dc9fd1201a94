import { spawn } from 'node:child_process'

/** Debian's Python, which has QGIS and GDAL. */
export const debianPython = '/usr/bin/python3'

/** The Python with the clients from PyPI; scripts/python-clients.sh makes it. */
export const pypiPython = '.build/python-clients/bin/python'

/** What a script in test/clients prints, a line of JSON each. */
export async function seenBy<T>(python: string, script: string, ...args: readonly string[]): Promise<T[]> {
  const child = spawn(python, [`test/clients/${script}`, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 800_000,
    killSignal: 'SIGKILL',
  })
  const [out, err]: string[][] = [[], []]
  child.stdout.setEncoding('utf8').on('data', text => out.push(text))
  child.stderr.setEncoding('utf8').on('data', text => err.push(text))
  const code = await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject))
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${err.join('').slice(-2000)}`)
  return out
    .join('')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))
}
