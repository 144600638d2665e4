/** Rules may spell a member as `json.Labels["a.b"]`; differences spell it `json.Labels.a.b`. */
export function dotted(field: string): string {
  return field.replace(/\["?([^"\]]+)"?\]/g, ".$1");
}
