/** Asks the host to append the value of a column of a row, by `claim`. */
// @ts-ignore: the host has it
export declare function put(row: i32, column: i32): void
