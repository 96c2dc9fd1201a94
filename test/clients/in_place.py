"""How far apart two pictures of one place are."""
import numpy


def smooth(picture):
    """Means over 3 x 3 pixels, edges left out: what is measured is where things are, not how sharp they are."""
    total = sum(picture[dy : picture.shape[0] - 2 + dy, dx : picture.shape[1] - 2 + dx] for dy in range(3) for dx in range(3))
    return total / 9


def shift(reference, picture, valid):
    """
    Pixels that `picture` lies right of and below `reference`, by least squares over the gradient (Lucas and Kanade); below one pixel it is exact to
    some hundredths. Where the neighbourhood is not all `valid` nothing is compared.
    """
    a, b = smooth(reference), smooth(picture)
    dy, dx = numpy.gradient((a + b) / 2)
    known = numpy.zeros(a.shape, bool)
    known[1:-1, 1:-1] = smooth(smooth(valid.astype(float))) > 0.999
    system = numpy.stack([dx[known], dy[known], numpy.ones(known.sum())], axis=1)
    right, below, _ = numpy.linalg.lstsq(system, (a - b)[known], rcond=None)[0]
    return float(right), float(below)


def psnr(reference, picture, peak):
    """Decibels below `peak`."""
    error = float(((reference - picture) ** 2).mean())
    return 99.0 if error == 0 else float(10 * numpy.log10(peak**2 / error))


def fitted(reference, picture, valid):
    """`picture` in the units of `reference`: heights are drawn in greys of some range."""
    system = numpy.stack([picture[valid], numpy.ones(valid.sum())], axis=1)
    gain, offset = numpy.linalg.lstsq(system, reference[valid], rcond=None)[0]
    return gain * picture + offset


def grey(bands):
    """Mean of the first three bands, or the only one."""
    return numpy.asarray(bands[:3], dtype=float).mean(axis=0)


def report(layer, crs, reference, picture, valid, is_measured):
    if is_measured:
        picture = fitted(reference, picture, valid)
    peak = float(numpy.ptp(reference[valid])) if is_measured else 255
    return {
        "layer": layer,
        "crs": crs,
        "shift": max(map(abs, shift(reference, picture, valid))),
        "psnr": psnr(reference[valid], picture[valid], peak),
        "spread": float(reference[valid].std()),
    }
