/** A secret is no longer than this, in bytes: an RSA key of 16,384 bits takes 13 KiB. */
export const LONGEST_SECRET: number = 16 * 1024;
