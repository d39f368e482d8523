/**
 * Things that have no id, known by their place: a filter, a formula. Changing one must not make another row of it, so its
 * content is no key; adding and removing happens at places that the reader sees.
 */
export function placed<Item>(items: readonly Item[]): { key: string; place: number; item: Item }[] {
  return items.map((item, place) => ({ key: `place ${place}`, place, item }))
}
