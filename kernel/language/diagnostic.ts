/**
 * An error of the compiler. Line and column are counted from 1; without `file`, an absolute path, it concerns the
 * cell itself.
 */
export interface Diagnostic {
  file?: string;
  line: number;
  column: number;
  message: string;
}
