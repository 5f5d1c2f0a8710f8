/** Whose things the tab keeps: what one user leaves in it is not for the next one to see. */

const PREFIX = "hanami.";
const OWNER_KEY = "hanami.owner";

/**
 * Makes the tab's storage that of a user; what another one left in it goes, apart from the keys in
 * `keep`. Returns whether the tab was not this user's before.
 */
export function takeOver(user: string, keep: readonly string[], storage: Storage = sessionStorage): boolean {
  if (storage.getItem(OWNER_KEY) === user) {
    return false;
  }
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "");
  for (const key of keys) {
    if (key.startsWith(PREFIX) && !keep.includes(key)) {
      storage.removeItem(key);
    }
  }
  storage.setItem(OWNER_KEY, user);
  return true;
}
