/** A file's mode as git writes it: a file, an executable file, a symbolic link, a submodule. */
export type FileMode = '100644' | '100755' | '120000' | '160000';
