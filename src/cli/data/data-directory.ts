import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { steadyNow } from '#core/clock.js'
import { Problem } from '#core/problem.js'
import { askSocket } from './line-socket.js'
import { openSocketFolder, type SocketFolder } from './socket-address.js'

/** The data folder, held by this process alone until `release`. */
export interface DataDirectory {
  readonly path: string
  /** Random, made with the folder and kept in it. */
  readonly identity: string
  /** What others in this machine ask of the owner. Until it is set, they are told that the server is starting. */
  answerWith(handler: (socket: Socket) => void): void
  release(): Promise<void>
}

/** First line of every conversation: who holds the folder. */
export interface Greeting {
  readonly arpent: 1
  readonly pid: number
  /** `settling` while two processes that came at once find out who was first. */
  readonly state: 'settling' | 'owner'
}

/** Longest wait for one of several processes that start at once to become the owner, in milliseconds. */
const patience = 10_000

/**
 * Takes the data folder for this process; creates it (mode 0700) when missing. The lock is a listening socket, which dies with its process
 * whatever kills it: a socket nobody answers on is a leftover and swept away. Throws `conflict` naming the owner's process.
 *
 * Two owners cannot be: everybody listens under a name of their own before looking at the others, and steps back if one answers.
 */
export async function takeDataDirectory(folder: string): Promise<DataDirectory> {
  const path = resolve(folder)
  await makeFolder(path)
  const until = steadyNow() + patience
  for (;;) {
    const attempt = await listen(path)
    const others = await findOwners(path, attempt.name)
    if (others.length === 0) {
      attempt.state.current = 'owner'
      try {
        return { ...attempt.directory, identity: await readIdentity(path) }
      } catch (error) {
        await attempt.directory.release()
        throw error
      }
    }
    await attempt.directory.release()
    const owner = others.find(({ state }) => state === 'owner')
    if (owner || steadyNow() > until) {
      const message = `Process ${(owner ?? others[0]).pid} is using the data folder. Stop it, or name another folder with --data or ARPENT_DATA.`
      throw new Problem('conflict', message)
    }
    await sleep(20 + Math.random() * 200)
  }
}

/** The processes that hold or want the folder, and the socket names that answer. Sweeps away sockets of the dead. */
export async function findOwners(path: string, own?: string): Promise<readonly (Greeting & { readonly name: string })[]> {
  const names = await readdir(path).catch(() => [])
  const sockets = names.filter(name => socketName.test(name) && name !== own)
  const folder = openSocketFolder(path)
  try {
    const greetings = await Promise.all(
      sockets.map(async name => {
        const greeting = await askSocket(folder.address(name))
        if (greeting === 'nobody') await rm(join(path, name), { force: true })
        return greeting === 'nobody' ? [] : [{ ...greeting, name }]
      }),
    )
    return greetings.flat()
  } finally {
    folder.close()
  }
}

/** Sockets under their final name always have a listener, or belong to the dead: they are renamed when they listen. */
const socketName = /^control-[0-9a-f]{12}\.sock$/

async function listen(path: string) {
  const id = randomBytes(6).toString('hex')
  const [draft, name] = [`draft-${id}.sock`, `control-${id}.sock`]
  const state: { current: Greeting['state'] } = { current: 'settling' }
  let handler: ((socket: Socket) => void) | undefined
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    const greeting: Greeting = { arpent: 1, pid: process.pid, state: state.current }
    socket.write(`${JSON.stringify(greeting)}\n`)
    if (handler) handler(socket)
    else socket.end()
  })
  const folder = openSocketFolder(path)
  try {
    await startListening(server, folder, draft)
    await chmod(join(path, draft), 0o600)
    await rename(join(path, draft), join(path, name))
  } finally {
    folder.close()
  }
  server.unref()
  const directory: Omit<DataDirectory, 'identity'> = {
    path,
    answerWith(next) {
      handler = next
    },
    async release() {
      await rm(join(path, name), { force: true })
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
  return { name, state, directory }
}

async function startListening(server: Server, folder: SocketFolder, draft: string): Promise<void> {
  server.listen(folder.address(draft))
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw new Problem(
      'unavailable',
      `The data folder cannot be locked (${(cause as NodeJS.ErrnoException).code}); name a folder on a local disk with --data.`,
      { cause },
    )
  }
}

/** Of the owner alone: nobody else writes it. */
async function readIdentity(path: string): Promise<string> {
  const file = join(path, 'identity')
  const present = await readFile(file, 'utf8').catch(() => '')
  if (/^[0-9a-f]{16}$/.test(present)) return present
  const identity = randomBytes(8).toString('hex')
  await writeFile(file, identity, { mode: 0o600 }).catch(cause => {
    throw unusable(cause)
  })
  return identity
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    if (!(await stat(path)).isDirectory()) throw new Error('not a folder')
  } catch (cause) {
    throw unusable(cause)
  }
}

function unusable(cause: unknown): Problem {
  const reason = (cause as NodeJS.ErrnoException).code ?? 'it is a file'
  return new Problem('unavailable', `The data folder cannot be made or used (${reason}); name another with --data or ARPENT_DATA.`, {
    cause,
  })
}
