import { connect, type Socket } from 'node:net'
import { resolve } from 'node:path'
import { Problem, type ProblemKind, problemKinds, toProblem } from '#core/problem.js'
import { type DataDirectory, findOwners } from './data-directory.js'
import { linesOf, writeLine } from './line-socket.js'
import { openSocketFolder } from './socket-address.js'

/** Answers one command of another process: `report` streams progress back, `signal` aborts when the asker is gone. */
export type ControlCommand = (request: unknown, report: (progress: unknown) => void, signal: AbortSignal) => Promise<unknown>

/** What goes over the socket after the greeting: one line there, then progress and one end back. */
type Request = { readonly command: string; readonly request: unknown }
type Reply =
  | { readonly progress: unknown }
  | { readonly result: unknown }
  | { readonly problem: { readonly kind: ProblemKind; readonly message: string } }

/** Lets other processes of this machine and user give commands to the owner of the data folder. */
export function serveControl(directory: DataDirectory, commands: Readonly<Record<string, ControlCommand>>): void {
  directory.answerWith(socket => {
    answer(socket, commands).catch(() => socket.destroy()) // the asker is gone, or does not speak our language
  })
}

async function answer(socket: Socket, commands: Readonly<Record<string, ControlCommand>>): Promise<void> {
  const gone = new AbortController()
  socket.on('close', () => gone.abort())
  const reply = (value: Reply) => writeLine(socket, value)
  for await (const line of linesOf(socket)) {
    const { command, request } = (line ?? {}) as Partial<Request>
    try {
      const run = typeof command === 'string' && Object.hasOwn(commands, command) ? commands[command] : undefined
      if (!run) {
        const known = Object.keys(commands).join(', ')
        throw new Problem(
          'unsupported',
          `The running server does not know the command ${JSON.stringify(command ?? null)}; it knows ${known || 'none'}.`,
        )
      }
      const result = await run(request, progress => void reply({ progress }), gone.signal)
      reply({ result: result ?? null })
    } catch (error) {
      const { kind, message } = toProblem(error)
      reply({ problem: { kind, message } })
    }
    break // one command a conversation
  }
  socket.end()
}

/** What a running server answered; `isRunning` is false when nobody holds the folder, who wants may then take it. */
export type Asked = { readonly isRunning: false } | { readonly isRunning: true; readonly result: unknown }

/**
 * Gives a command to the server that holds the data folder. Aborting `signal` closes the conversation, which aborts the command there.
 * Throws the server's Problem, or `unavailable` when the server goes away or is still starting.
 */
export async function askRunningServer(
  folder: string,
  command: string,
  request: unknown,
  { onProgress, signal }: { readonly onProgress?: (progress: unknown) => void; readonly signal?: AbortSignal } = {},
): Promise<Asked> {
  const path = resolve(folder)
  const [owner] = await findOwners(path)
  if (!owner) return { isRunning: false }
  signal?.throwIfAborted()
  const sockets = openSocketFolder(path)
  const socket = connect(sockets.address(owner.name))
  const leave = () => socket.destroy()
  signal?.addEventListener('abort', leave)
  try {
    writeLine(socket, { command, request } satisfies Request)
    let isGreeting = true
    for await (const line of linesOf(socket)) {
      const reply = line as Reply
      if (isGreeting) isGreeting = false
      else if ('progress' in reply) onProgress?.(reply.progress)
      else if ('result' in reply) return { isRunning: true, result: reply.result }
      else throw problemOf(reply.problem)
    }
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof Problem) throw error
    throw new Problem('unavailable', 'The running server broke off the conversation; its log says why.', { cause: error })
  } finally {
    signal?.removeEventListener('abort', leave)
    socket.destroy()
    sockets.close()
  }
  signal?.throwIfAborted()
  throw new Problem('unavailable', `Process ${owner.pid} holds the data folder but takes no commands yet; try again when it has started.`)
}

function problemOf({ kind, message }: { readonly kind: ProblemKind; readonly message: string }): Problem {
  return new Problem(problemKinds.includes(kind) ? kind : 'internal', String(message))
}
