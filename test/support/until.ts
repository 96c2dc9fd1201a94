/** Waits until `isSo`, at most two minutes, which only what fails takes; false when it never was. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<boolean> {
  for (const end = performance.now() + 120_000; performance.now() < end; ) {
    if (await isSo()) return true
    await new Promise(resolve => setTimeout(resolve, 30))
  }
  return false
}
