/** A rule can name a member as `json.Labels["a.b"]`. Differences name it `json.Labels.a.b`. */
export function toDottedField(field: string): string {
  return field.replace(/\["?([^"\]]+)"?\]/g, ".$1");
}
