/** The versions that the simulated daemon reports. */
export const MAX_API = "1.41";
export const ENGINE_VERSION = "20.10.24";
export const BUILD_TIME = "2023-04-04T18:16:59.000000000+00:00";
export const GIT_COMMIT = "5d6db84";
export const GO_VERSION = "go1.19.7";
