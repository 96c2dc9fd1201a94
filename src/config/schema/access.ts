import { collectionId } from './collections.js'
import { line, named, record } from './parts.js'

const accountName = { pattern: '^[\\p{L}\\p{N}][\\p{L}\\p{N}._@-]{0,62}$', title: 'an account name: letters, digits, . _ @ or -' }

const account = record('One account.', {
  password: { ...line, description: 'A hash made by `arpent config hash`, or a variable.' },
  keys: {
    description: 'Values of X-API-Key, as hashes made by `arpent config hash --key`, or variables.',
    type: 'array',
    items: line,
    maxItems: 100,
  },
})

export const accessSchema = record('Who may do what. Everybody reads, nobody writes unless listed.', {
  accounts: named('Accounts by name.', accountName, account),
  write: named(
    'Accounts that may write, by collection id; * stands for all collections, the account anonymous for everybody.',
    { ...collectionId, pattern: `(${collectionId.pattern})|^\\*$` },
    { type: 'array', items: line, maxItems: 1000 },
  ),
})
