/** `#rrggbb` with an opacity from 0 to 1 as premultiplied RGBA in one number, red in the lowest byte: the form of the kernels. */
export function premultiplied(color: string, opacity: number): number {
  return packed(Number.parseInt(color.slice(1), 16), opacity)
}

/** 0xRRGGBB with an opacity from 0 to 1, premultiplied, red in the lowest byte. */
export function packed(rgb: number, opacity: number): number {
  const channel = (shift: number) => Math.round(((rgb >> shift) & 255) * opacity)
  return ((Math.round(opacity * 255) << 24) | (channel(0) << 16) | (channel(8) << 8) | channel(16)) >>> 0
}

/** A premultiplied colour at a share, 0 to 1, of its opacity. */
export function scaled(rgba: number, share: number): number {
  if (share >= 1) return rgba >>> 0
  if (!(share > 0)) return 0
  const channel = (shift: number) => Math.round(((rgba >>> shift) & 255) * share) << shift
  return (channel(0) | channel(8) | channel(16) | channel(24)) >>> 0
}

/** A premultiplied colour as 0xRRGGBB and an opacity from 0 to 1. */
export function straight(rgba: number): { readonly rgb: number; readonly opacity: number } {
  const alpha = rgba >>> 24
  const channel = (shift: number) => (alpha === 0 ? 0 : Math.min(255, Math.round((((rgba >>> shift) & 255) * 255) / alpha)))
  return { rgb: (channel(0) << 16) | (channel(8) << 8) | channel(16), opacity: alpha / 255 }
}
