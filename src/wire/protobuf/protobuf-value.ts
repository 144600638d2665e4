/** What messages decode to: plain values that read like JSON. A field that is not there was not on the wire. */
export interface ProtobufMessage {
  readonly [field: string]: ProtobufValue;
}

/**
 * Strings, numbers and booleans as such; 64-bit integers as a bigint where a number would not be exact; `bytes`, and
 * strings that are no UTF-8, as a Buffer; enums by name, or by number where it has none; a Timestamp as RFC 3339 text;
 * maps as objects in the order of the wire. Fields that the schema does not know stand as a Buffer under `#<number>`.
 */
export type ProtobufValue = string | number | bigint | boolean | Buffer | ProtobufMessage | readonly ProtobufValue[];
