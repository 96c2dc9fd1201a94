import t from 'tap'
import { oneFile } from './probe.js'
import { sandbox } from './sandbox.js'

t.test('what ends, hangs or fills a process of its own is a finding, and the next case runs', async t => {
  const subject = await sandbox('hostile', { processor: 2, wall: 240 })
  t.teardown(() => subject.stop())
  const of = async (word: string) => (await subject.run(oneFile('a', word))).fault
  t.equal(await of('fine'), undefined)
  t.match(await of('throws'), { invariant: 'answers', message: /a plain error/ })
  t.match(await of('exits'), { invariant: 'answers', message: /exit code 7/ })
  t.match(await of('rejects'), { invariant: 'answers', message: /nobody waits for this/ })
  t.match(await of('loops'), { invariant: 'time' })
  t.match(await of('takes'), { invariant: 'memory' })
  t.match(await of('leaves'), { invariant: 'answers', message: /scratch/ })
  t.match(await of('mutters'), { invariant: 'log', message: /a warning/ })
  t.match(await of('tells'), { invariant: 'answers', message: /where files lie/ })
  t.equal(await of('fine'), undefined)
})
