import { spawn } from 'node:child_process'

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the built program to its end. `input` goes to stdin; variables of Arpent come from `env` alone. */
export async function runProgram(
  args: readonly string[],
  { env = {}, input = '', cwd = process.cwd() }: { env?: Record<string, string>; input?: string; cwd?: string } = {},
): Promise<Finished> {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(ARPENT_|PORT$|DATABASE_URL$)/.test(name)))
  const child = spawn(process.execPath, [`${process.cwd()}/dist/main.js`, ...args], { cwd, env: { ...clean, ...env }, stdio: 'pipe' })
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', text => {
      output[stream] += text
    })
  }
  child.stdin.on('error', () => {}) // the program may end before it reads
  child.stdin.end(input)
  const code = await new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject))
  return { code, ...output }
}
