/**
 * How pixels of a map are made from those of a raster. `average` and `mode` take all pixels that a map pixel covers, `cubic` and `lanczos`
 * 4 and 6 in each direction, more where the map is smaller; `bilinear` always 2, `nearest` 1. The numbers are those of the kernel.
 */
export const resamplings = ['nearest', 'bilinear', 'cubic', 'average', 'mode', 'lanczos'] as const

export type Resampling = (typeof resamplings)[number]

/** Whether values stay what they are: for classes. */
export const keepsValues = (resampling: Resampling) => resampling === 'nearest' || resampling === 'mode'
