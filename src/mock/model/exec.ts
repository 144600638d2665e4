/** A command in a running container (`docker exec`). */
export interface Exec {
  readonly id: string;
  readonly containerId: string;
  readonly argv: readonly string[];
  readonly env: readonly string[];
  readonly user: string;
  readonly workingDir: string;
  readonly isTty: boolean;
  readonly isPrivileged: boolean;
  readonly opensStdin: boolean;
  readonly opensStdout: boolean;
  readonly opensStderr: boolean;
  readonly detachKeys: string;
  readonly isRunning: boolean;
  /** An exec can only be started once. */
  readonly wasStarted: boolean;
  /** Null until the command has ended. */
  readonly exitCode: number | null;
  /** The host's process number; 0 before the start. */
  readonly pid: number;
}
