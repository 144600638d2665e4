/** Errors of system calls on files. */

export type FileErrorCode =
  | "ENOENT"
  | "ENOTDIR"
  | "EISDIR"
  | "EEXIST"
  | "ENOTEMPTY"
  | "ELOOP"
  | "EROFS"
  | "EACCES"
  | "EPERM"
  | "EINVAL"
  | "EBUSY"
  | "ENOSPC";

const ERROR_TEXTS: Readonly<Record<FileErrorCode, string>> = {
  ENOENT: "No such file or directory",
  ENOTDIR: "Not a directory",
  EISDIR: "Is a directory",
  EEXIST: "File exists",
  ENOTEMPTY: "Directory not empty",
  ELOOP: "Too many levels of symbolic links",
  EROFS: "Read-only file system",
  EACCES: "Permission denied",
  EPERM: "Operation not permitted",
  EINVAL: "Invalid argument",
  EBUSY: "Device or resource busy",
  ENOSPC: "No space left on device",
};
/** What a system call on files failed with; its message is libc's. */
export class FileError extends Error {
  readonly code: FileErrorCode;

  constructor(code: FileErrorCode) {
    super(ERROR_TEXTS[code]);
    this.name = new.target.name;
    this.code = code;
  }
}
