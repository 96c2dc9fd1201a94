import type { Entry } from '../suite.js'
import { all, refuses, selects, townsIn } from './trials.js'
import type { FeaturesWorld } from './world.js'
import { entries, towns, zones } from './world-data.js'

const nowhere = zones.filter(({ box }) => box === null).map(({ id }) => id)
const zonesNamed = (pattern: RegExp) => zones.filter(({ name, box }) => box === null || pattern.test(name)).map(({ id }) => id)
const every = (collection: readonly { readonly id: number }[]) => collection.map(({ id }) => id)

/** What the standard asks of boxes. */
export const extraBoxes: readonly Entry<FeaturesWorld>[] = [
  {
    id: 'extra: bbox selects what meets it, and what has no geometry',
    clause: 'OGC 17-069r4, requirement 24; abstract test 15, methods 1 and 2',
    asserts: 'Exactly the features that meet the box are answered, and those that lie nowhere.',
    trials: world => [
      selects(world, 'zones', { bbox: '-1.5,50,1.5,53' }, zonesNamed(/Greenwich/)),
      selects(world, 'zones', { bbox: '-80,-5,-70,5' }, zonesNamed(/Quito/)),
      selects(world, 'zones', { bbox: '177,65,-177,70' }, zonesNamed(/Chukotka/)),
      selects(world, 'zones', { bbox: '-180,85,180,90' }, zonesNamed(/^Arctic/)),
      selects(world, 'zones', { bbox: '-180,-90,180,-85' }, zonesNamed(/Antarctic/)),
      // touched at a side
      selects(world, 'zones', { bbox: '0.5,52,0.6,53' }, zonesNamed(/Greenwich/)),
      selects(world, 'zones', { bbox: '100,0,101,1' }, nowhere),
      selects(world, 'towns', { bbox: '0,42,6,47' }, townsIn(0, 42, 6, 47)),
      selects(world, 'towns', { bbox: '7,48,8,49' }, townsIn(7, 48, 8, 49)),
      selects(world, 'towns', { bbox: '100,0,101,1' }, []),
      selects(
        world,
        'register',
        { bbox: '100,0,101,1' },
        entries.map(({ number }) => number),
      ),
    ],
  },
  {
    id: 'extra: bbox of half the world and more',
    clause: 'OGC 17-069r4, requirement 24',
    asserts: 'A box far beyond where the system of the data makes sense selects what meets it all the same.',
    trials: world => [
      ...['towns', 'woods'].map(id => selects(world, id, { bbox: '-180,-90,180,90' }, every(towns))),
      ...['towns', 'woods'].map(id => selects(world, id, { bbox: '-180,-90,180,-85' }, [])),
      selects(world, 'towns', { bbox: '-66.58,45.75,71.39,53.85' }, townsIn(-66.58, 45.75, 71.39, 53.85)),
      selects(world, 'towns', { bbox: '-79.47,40.25,94.28,45.75' }, townsIn(-79.47, 40.25, 94.28, 45.75)),
      selects(world, 'towns', { bbox: '-170,-80,170,46' }, townsIn(-170, -80, 170, 46)),
      selects(world, 'towns', { bbox: '3,-90,180,90' }, townsIn(3, -90, 180, 90)),
      // from the far side of the antimeridian to the fourth meridian
      selects(world, 'towns', { bbox: '170,-80,4,80' }, townsIn(-180, -80, 4, 80)),
    ],
  },
  {
    id: 'extra: bbox with heights',
    clause: 'OGC 17-069r4, requirement 23',
    asserts: 'Six numbers are a box with heights; of data without heights it selects by the other four.',
    trials: world => selects(world, 'towns', { bbox: '0,42,-100,6,47,9000' }, townsIn(0, 42, 6, 47)),
  },
  {
    id: 'extra: bbox that is none',
    clause: 'OGC 17-069r4, requirement 9',
    asserts: 'It is refused: other numbers of numbers, words, south above north.',
    trials: world =>
      ['1,2,3', '1,2,3,4,5', '1,2,3,4,5,6,7', 'a,b,c,d', '0,50,1,49', '1,2,,4', 'NaN,0,1,1'].map(bbox =>
        refuses(all(world, 'zones', { bbox })),
      ),
  },
]
