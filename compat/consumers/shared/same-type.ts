// A statement about types, for the compiler: sameType<A, B>(true) compiles if and only if A and B are one type.
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

export function sameType<A, B>(_same: Same<A, B>): void {}
