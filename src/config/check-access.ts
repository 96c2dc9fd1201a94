import { isKeyHash, isPasswordHash } from '#core/secret-hash.js'
import type { MeaningCheck } from './check-meaning.js'
import { didYouMean } from './nearest-word.js'
import type { RawConfig } from './raw-config.js'

/** Secrets in plain text, and write rules for accounts that do not exist. `names` are all accounts, those with other faults, too. */
export function checkAccess(
  { access }: RawConfig,
  names: readonly string[],
  fromVariables: ReadonlySet<string>,
  fault: MeaningCheck,
): void {
  const accounts = access?.accounts ?? {}
  for (const [name, { password, keys = [] }] of Object.entries(accounts)) {
    const pointer = `/access/accounts/${name}`
    const isPlain = (at: string, isHash: boolean) => !fromVariables.has(at) && !isHash
    if (name === 'anonymous') fault(pointer, '"anonymous" stands for everybody and has no account', 'key')
    if (password !== undefined && isPlain(`${pointer}/password`, isPasswordHash(password))) {
      fault(`${pointer}/password`, `this is no hash: write what "arpent config hash" prints, or a variable such as "\${ADMIN_PASSWORD}"`)
    }
    for (const [i, key] of keys.entries()) {
      if (isPlain(`${pointer}/keys/${i}`, isKeyHash(key)))
        fault(`${pointer}/keys/${i}`, 'this is no hash: write what "arpent config hash --key" prints, or a variable')
    }
  }
  for (const [id, writers] of Object.entries(access?.write ?? {})) {
    for (const [i, name] of writers.entries()) {
      if (name !== 'anonymous' && !names.includes(name)) {
        const pointer = `/access/write/${id.replaceAll('~', '~0').replaceAll('/', '~1')}/${i}`
        fault(pointer, `there is no account "${name}"${didYouMean(name, [...names, 'anonymous'])}`)
      }
    }
  }
}
