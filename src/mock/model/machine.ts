/** What the simulated machine has. */

/** `NCPU` of /info, and the most that a container can be given. */
export const CPU_COUNT = 2;
