/** Flags of Node for the server, ahead of its script. */
export const SERVER_FLAGS: readonly string[];
