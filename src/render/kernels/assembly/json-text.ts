// Texts as JSON (RFC 8259, 7), escaped as JavaScript does: no more than must be.
import { putByte, room } from './output'

const hexadecimal = memory.data<u8>([48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 97, 98, 99, 100, 101, 102])

/** Bytes of the character of more than one byte at `at`; 0 where it is none of UTF-8 (RFC 3629, 4). */
function wideCharacter(at: usize, end: usize): usize {
  const lead = load<u8>(at)
  const length: usize = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0
  if (length == 0 || at + length > end) return 0
  const second = load<u8>(at, 1)
  const least: u8 = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80
  const most: u8 = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf
  if (second < least || second > most) return 0
  for (let i: usize = 2; i < length; i++) if ((load<u8>(at + i) & 0xc0) != 0x80) return 0
  return length
}

/** Whether one of eight bytes may be other than a letter that stands for itself; now and then true without reason. */
function isSpecial(word: u64): bool {
  const quote = word ^ 0x2222222222222222
  const backslash = word ^ 0x5c5c5c5c5c5c5c5c
  const below = (word - 0x2020202020202020) | (quote - 0x0101010101010101) | (backslash - 0x0101010101010101)
  return ((below | word) & 0x8080808080808080) != 0
}

/** A text in quotes; 0 where it is not UTF-8. */
export function putText(to: usize, at: usize, length: usize): usize {
  room(to, length + 2)
  const end = at + length
  to = putByte(to, 0x22)
  while (at < end) {
    if (at + 8 <= end) {
      const word = load<u64>(at)
      if (!isSpecial(word)) {
        store<u64>(to, word)
        at += 8
        to += 8
        continue
      }
    }
    const byte = load<u8>(at)
    if (byte >= 0x80) {
      const wide = wideCharacter(at, end)
      if (wide == 0) return 0
      // the bytes behind the character are overwritten
      store<u32>(to, load<u32>(at))
      at += wide
      to += wide
    } else {
      at++
      if (byte >= 0x20 && byte != 0x22 && byte != 0x5c) to = putByte(to, byte)
      else {
        to = putEscaped(to, byte)
        room(to, end - at + 8)
      }
    }
  }
  return putByte(to, 0x22)
}

function putEscaped(to: usize, byte: u8): usize {
  let letter: u8 = 0
  if (byte == 0x22 || byte == 0x5c) letter = byte
  else if (byte == 0x08) letter = 0x62
  else if (byte == 0x09) letter = 0x74
  else if (byte == 0x0a) letter = 0x6e
  else if (byte == 0x0c) letter = 0x66
  else if (byte == 0x0d) letter = 0x72
  to = putByte(to, 0x5c)
  if (letter != 0) return putByte(to, letter)
  store<u32>(to, 0x30303075)
  store<u8>(to, load<u8>(hexadecimal + (byte >> 4)), 3)
  store<u8>(to, load<u8>(hexadecimal + (byte & 15)), 4)
  return to + 5
}

/** A text as it is; 0 where it is not UTF-8. */
export function putPlain(to: usize, at: usize, length: usize): usize {
  room(to, length)
  const end = at + length
  while (at < end) {
    if (at + 8 <= end) {
      const word = load<u64>(at)
      if ((word & 0x8080808080808080) == 0) {
        store<u64>(to, word)
        at += 8
        to += 8
        continue
      }
    }
    const wide: usize = load<u8>(at) < 0x80 ? 1 : wideCharacter(at, end)
    if (wide == 0) return 0
    store<u32>(to, load<u32>(at))
    at += wide
    to += wide
  }
  return to
}
