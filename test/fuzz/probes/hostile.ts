import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as later } from 'node:timers/promises'
import { bytesOf, oneFile, type Probe } from '../probe.js'

const taken: Buffer[] = []

/** A reader with every fault that the sandbox must contain; the tests of the sandbox try it, `targets.ts` does not. */
export const hostile: Probe = {
  name: 'hostile',
  title: 'does what the input says',
  cases: 1,
  samples: async () => ({ fine: oneFile('a', 'fine') }),
  async run(input, folder) {
    const word = Buffer.from(bytesOf(input)).toString()
    if (word === 'throws') throw new Error('a plain error')
    if (word === 'exits') process.exit(7)
    if (word === 'rejects') {
      void Promise.reject(new Error('nobody waits for this'))
      await later(1000)
    }
    if (word === 'loops') for (;;);
    if (word === 'takes') for (let n = 0; n < 40; n++) taken.push(Buffer.alloc(10e6, 1))
    if (word === 'leaves') mkdirSync(join(folder, 'scratch/left'))
    if (word === 'mutters') writeFileSync(2, 'a warning\n')
    return { verdict: 'read', answer: word === 'tells' ? folder : word }
  },
}
