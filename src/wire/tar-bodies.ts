/** Operations whose request body is a tar, and what that tar is (Remote API v1.41, "Image", "Container", "Plugin"). */
export const TAR_BODIES: Readonly<Record<string, string>> = {
  ImageBuild: "context",
  ImageLoad: "image",
  ImageCreate: "import",
  PutContainerArchive: "archive",
  PluginCreate: "plugin",
};
