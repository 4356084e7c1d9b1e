/**
 * Flags of Node for the server. Each call makes short-lived objects; with the default of 16 MB for them a busy server spends a seventh of
 * its time on clearing them away. An idle one does not take the room. See docs/performance.md.
 */
export const SERVER_FLAGS = ['--max-semi-space-size=32'];
