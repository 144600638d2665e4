/** A style sheet as text (scripts/package/build-viewer.js). */
declare module "*.css" {
  const text: string;
  export default text;
}
