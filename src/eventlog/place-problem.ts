/** What an operator is told of a watched place that cannot be read at present. */
export function problemOf({ message }: Error): string {
  return `${message}; it is asked again, more and more slowly`;
}
