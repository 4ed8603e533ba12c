// What the content of a panel depends on besides its data.
export interface Context {
  // The name of the interval of the rows, such as `week`.
  readonly interval: string;
  readonly isRepository: boolean;
}
