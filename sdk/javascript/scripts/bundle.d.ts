/** The SDK as a browser gets it: one file, without what only Node needs. */
export function bundle(): Promise<Uint8Array>;
