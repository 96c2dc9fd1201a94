import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { missing, unlessAll } from './programs.js'

const python = '.build/python-clients/bin/python'

/** Why tests against S3 cannot run here; false where they can. */
export const noS3 = () =>
  unlessAll(
    missing('moto', python, '-c', 'import moto, flask, boto3') &&
      'moto is not in .build/python-clients; scripts/python-clients.sh puts it there',
  )

/** An S3 server (moto) that knows one pair of keys and refuses what is not signed with them, unless it is anonymous. */
export interface S3Server {
  readonly address: string
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string }
  bucket(name: string): Promise<void>
  /** Uploads through boto3. */
  put(bucket: string, key: string, file: string): Promise<void>
  /** Uploads all files of a folder, with their paths below it. */
  putFolder(bucket: string, prefix: string, folder: string): Promise<void>
  delete(bucket: string, key: string): Promise<void>
  stop(): Promise<void>
}

export async function startS3({ isAnonymous = false } = {}): Promise<S3Server> {
  const child: ChildProcess = spawn(python, ['test/support/s3_server.py', ...(isAnonymous ? ['--anonymous'] : [])], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', text => {
    errors += text
  })
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()))
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  const answer = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`The S3 server ended: ${errors.slice(-2000)}`)
    return JSON.parse(value)
  }
  const ask = async (command: object) => {
    child.stdin?.write(`${JSON.stringify(command)}\n`)
    await answer()
  }
  const { address, id, secret } = await answer()
  const put = (bucket: string, key: string, file: string) => ask({ put: [bucket, key, file] })
  return {
    address,
    keys: { accessKeyId: id, secretAccessKey: secret },
    bucket: name => ask({ bucket: [name] }),
    put,
    async putFolder(bucket, prefix, folder) {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue
        const path = join(entry.parentPath, entry.name)
        await put(bucket, `${prefix}${path.slice(folder.length + 1)}`, path)
      }
    },
    delete: (bucket, key) => ask({ delete: [bucket, key] }),
    async stop() {
      child.stdin?.end()
      await ended
    },
  }
}
