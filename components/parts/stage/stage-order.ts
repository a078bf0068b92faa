import type { TileView } from '../../base/view.ts';

/** `auto`: everybody alike, and who speaks large as soon as not everybody fits. */
export type Layout = 'auto' | 'grid' | 'speaker';

export interface Attention {
  /** Id of the tile that the viewer has pinned. */
  pinned: string | undefined;
  /** Id of the tile of who spoke last, oneself aside. */
  speaker: string | undefined;
  /** Whether who speaks is large. */
  follows: boolean;
}

/**
 * The tiles that are large: the pinned one, else the screens, else who speaks. One's own screen only while nobody else
 * shows theirs: one knows what one shows.
 */
export function largeTiles(tiles: readonly TileView[], { pinned, speaker, follows }: Attention): TileView[] {
  const pick = tiles.find(({ id }) => id === pinned);
  if (pick) return [pick];
  const screens = tiles.filter(isScreen);
  const others = screens.filter(({ own }) => !own);
  if (screens.length > 0) return others.length > 0 ? others : screens;
  if (!follows || tiles.length < 2) return [];
  const speaking = tiles.find(({ id }) => id === speaker) ?? tiles.find(({ own }) => !own);
  return speaking ? [speaking] : [];
}

export function isScreen({ kind }: TileView): boolean {
  return kind === 'screen';
}
