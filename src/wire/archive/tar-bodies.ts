/** Operations with a tar as request body, and the name of that tar (Remote API v1.41, "Image", "Container", "Plugin"). */
export const TAR_BODIES: Readonly<Record<string, string>> = {
  ImageBuild: "context",
  ImageLoad: "image",
  ImageCreate: "import",
  PutContainerArchive: "archive",
  PluginCreate: "plugin",
};
