import { lowerCase } from './texts.js'

/**
 * Full case folding (Unicode 15, 5.18) where it is more than lower case: letters of which one case has several forms, then letters that become
 * several. `\u0131` (without a dot) stays what it is.
 */
const forms = { from: 'µſ\u0345ςϐϑϕϖϰϱϵᲀᲁᲂᲃᲄᲅᲆᲇᲈẛ\u1fbe', to: 'μsισβθφπκρεвдосттъѣꙋṡι' }
const spelledOut = [
  'ßss ŉʼn ǰj\u030c ΐ\u03b9\u0308\u0301 ΰυ\u0308\u0301 ևեւ ẖh\u0331 ẗt\u0308 ẘw\u030a ẙy\u030a ẚaʾ ὐυ\u0313 ὒυ\u0313\u0300',
  'ὔυ\u0313\u0301 ὖυ\u0313\u0342 ᾀἀ\u03b9 ᾁἁ\u03b9 ᾂἂ\u03b9 ᾃἃ\u03b9 ᾄἄ\u03b9 ᾅἅ\u03b9 ᾆἆ\u03b9 ᾇἇ\u03b9 ᾐἠ\u03b9 ᾑἡ\u03b9',
  'ᾒἢ\u03b9 ᾓἣ\u03b9 ᾔἤ\u03b9 ᾕἥ\u03b9 ᾖἦ\u03b9 ᾗἧ\u03b9 ᾠὠ\u03b9 ᾡὡ\u03b9 ᾢὢ\u03b9 ᾣὣ\u03b9 ᾤὤ\u03b9 ᾥὥ\u03b9 ᾦὦ\u03b9',
  'ᾧὧ\u03b9 ᾲὰ\u03b9 ᾳα\u03b9 ᾴά\u03b9 ᾶα\u0342 ᾷα\u0342\u03b9 ῂὴ\u03b9 ῃη\u03b9 ῄή\u03b9 ῆη\u0342 ῇη\u0342\u03b9',
  'ῒ\u03b9\u0308\u0300 ΐ\u03b9\u0308\u0301 ῖ\u03b9\u0342 ῗ\u03b9\u0308\u0342 ῢυ\u0308\u0300 ΰυ\u0308\u0301 ῤρ\u0313 ῦυ\u0342',
  'ῧυ\u0308\u0342 ῲὼ\u03b9 ῳω\u03b9 ῴώ\u03b9 ῶω\u0342 ῷω\u0342\u03b9 ﬀff ﬁfi ﬂfl ﬃffi ﬄffl ﬅst ﬆst ﬓմն ﬔմե ﬕմի ﬖվն ﬗմխ',
].flatMap(line => line.split(' ').map(word => [word.slice(0, 1), word.slice(1)] as const))

/** Its lower case is `i`, its folding has the dot as a mark: replaced before the others. */
const dotted = ['İ', 'i\u0307'] as const

/** The one table of case folding: `dotted`, then lower case, then `forms` and `spelledOut`. */
export const foldings = { dotted, forms, spelledOut } as const

const folded = new Map([...[...forms.from].map((letter, i) => [letter, [...forms.to][i]!] as const), ...spelledOut])
const more = new RegExp(`[${[...folded.keys()].join('')}]`, 'gu')

/** The text as two texts have it that differ by nothing but case: by full case folding. */
export function foldCase(text: string): string {
  if (!/[^\0-\x7f]/.test(text)) return text.toLowerCase()
  return lowerCase(text.replaceAll(...dotted)).replaceAll(more, letter => folded.get(letter)!)
}
